throw new Error("the script is not at home");
