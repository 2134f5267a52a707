// No icon: the browser would ask for one.
export const metadata = { title: "fourlane in Next.js", icons: "data:," };

export default function Layout({ children }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  );
}
