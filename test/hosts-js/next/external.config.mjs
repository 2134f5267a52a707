export default { serverExternalPackages: ["fourlane"] };
