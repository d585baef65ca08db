// What pages do with a script beyond htmx. Each works without it as well.

// A new request of one place makes a message of the one before pass.
document.addEventListener("htmx:beforeRequest", () => {
  document.getElementById("message")?.replaceChildren();
});

// Keys: "/" goes to the search box of the page.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const search = document.querySelector("[data-search]");
  if (search) {
    event.preventDefault();
    search.focus();
    search.select();
  }
});

// What is shown once can be copied.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  button.textContent = "Copied";
});

// What was added or moved has the focus, which would else be lost with the button that did it.
document.addEventListener("htmx:afterSettle", () => {
  const place = document.querySelector("[data-focus]");
  if (!place) return;
  place.querySelector(place.dataset.focus)?.focus();
  place.removeAttribute("data-focus");
});
