/** In the place of the page where its style sheet did not come: what is wrong, and a button that asks again. */
export function sayMissing(askAgain: () => void): void {
  const said = document.createElement('p');
  said.role = 'alert';
  said.textContent =
    'The page’s style sheet could not be loaded, and nothing is drawn without it. Look at the connection, then try again.';
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = 'Try again';
  button.onclick = askAgain;
  const main = document.createElement('main');
  main.append(said, button);
  document.getElementById('root')!.replaceChildren(main);
}
