export function PaperPage() {
  return (
    <main>
      <h1>Figure 1</h1>
    </main>
  );
}
