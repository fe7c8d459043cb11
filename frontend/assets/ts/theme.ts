// Loaded before the page is drawn, so that nobody sees one theme turn into the other:
// who has chosen none is shown that of their system.
const page = document.documentElement;
if (page.dataset.theme === "system") {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => {
    page.dataset.bsTheme = dark.matches ? "dark" : "light";
    document.dispatchEvent(new Event("sundial:theme"));
  };
  follow();
  dark.addEventListener("change", follow);
}
