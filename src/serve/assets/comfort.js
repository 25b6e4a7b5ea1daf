// Comfort only: every page works without this.
"use strict";
// A choice among the facets is applied at once.
for (const form of document.querySelectorAll(".facets form")) {
  form.addEventListener("change", () => form.submit());
  for (const button of form.querySelectorAll(".apply")) button.hidden = true;
}
// "/" leads to the search box, as on many sites.
document.addEventListener("keydown", (event) => {
  const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
  const box = document.getElementById("q");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey && box) {
    event.preventDefault();
    box.focus();
  }
});
