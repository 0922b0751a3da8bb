"use strict";
(() => {
  const root = document.documentElement;

  const theme = document.getElementById("theme");
  const stored = () => { try { return localStorage.getItem("keruen-theme"); } catch { return null; } };
  const isDark = () => (root.dataset.theme || (matchMedia("(prefers-color-scheme:dark)").matches ? "dark" : "light")) === "dark";
  const label = () => { theme.textContent = isDark() ? theme.dataset.light : theme.dataset.dark; };
  if (stored()) root.dataset.theme = stored();
  theme.hidden = false;
  label();
  theme.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    try { localStorage.setItem("keruen-theme", root.dataset.theme); } catch { /* no storage: the choice lasts as long as the page */ }
    label();
  });
  matchMedia("(prefers-color-scheme:dark)").addEventListener("change", label);

  const collator = new Intl.Collator(root.lang, { numeric: true });
  const keyOf = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.key ?? cell.textContent.trim();
  };
  const sort = (table, header, column) => {
    const falling = header.getAttribute("aria-sort") === "ascending";
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", falling ? "descending" : "ascending");
    const numeric = header.dataset.sort === "number";
    const body = table.tBodies[0];
    const sign = falling ? -1 : 1;
    const rows = [...body.rows].map((row) => [row, keyOf(row, column), row.cells[column].hasAttribute("data-key")]);
    rows.sort(([, a, hasA], [, b, hasB]) => {
      if (!numeric) return sign * collator.compare(a, b);
      if (hasA !== hasB) return hasA ? -1 : 1;
      return hasA ? sign * (Number(a) - Number(b)) : 0;
    });
    body.append(...rows.map(([row]) => row));
  };
  const tools = (table) => {
    const box = document.createElement("div");
    box.className = "tools";
    const field = (words, control) => {
      const holder = document.createElement("label");
      holder.append(words, control);
      box.append(holder);
      return control;
    };
    const search = field(table.dataset.filter, document.createElement("input"));
    search.type = "search";
    const kinds = [...new Set([...table.tBodies[0].rows].map((row) => row.dataset.kind).filter(Boolean))];
    let kind = null;
    if (kinds.length > 1) {
      kind = field(table.dataset.kind, document.createElement("select"));
      kind.append(new Option(table.dataset.kinds, ""), ...kinds.map((name) => new Option(name, name)));
    }
    const count = document.createElement("output");
    box.append(count);
    const apply = () => {
      const wanted = search.value.trim().toLocaleLowerCase(root.lang);
      let shown = 0;
      for (const row of table.tBodies[0].rows) {
        const fits = (!kind || !kind.value || row.dataset.kind === kind.value)
          && row.textContent.toLocaleLowerCase(root.lang).includes(wanted);
        row.hidden = !fits;
        shown += fits;
      }
      count.textContent = `${table.dataset.found} ${shown}`;
    };
    search.addEventListener("input", apply);
    if (kind) kind.addEventListener("change", apply);
    apply();
    table.parentElement.before(box);
  };
  for (const table of document.querySelectorAll("table.sortable")) {
    [...table.tHead.rows[0].cells].forEach((header, column) => {
      if (!header.dataset.sort) return;
      const button = document.createElement("button");
      button.type = "button";
      button.append(...header.childNodes);
      header.append(button);
      button.addEventListener("click", () => sort(table, header, column));
    });
    tools(table);
  }

  document.addEventListener("pointerover", (event) => {
    const mark = event.target.closest?.(".src a:not([title])");
    if (mark) mark.title = document.querySelector(`${mark.getAttribute("href")} cite`)?.textContent ?? "";
  });

  const entries = new Map([...document.querySelectorAll(".contents a")].map((link) => [link.getAttribute("href").slice(1), link]));
  const watcher = new IntersectionObserver((seen) => {
    for (const { target, isIntersecting } of seen) {
      if (!isIntersecting) continue;
      for (const link of entries.values()) link.removeAttribute("aria-current");
      entries.get(target.id)?.setAttribute("aria-current", "true");
    }
  }, { rootMargin: "-15% 0px -75% 0px" });
  for (const id of entries.keys()) watcher.observe(document.getElementById(id));

  const reveal = () => document.getElementById(decodeURIComponent(location.hash.slice(1)))?.closest("details")?.setAttribute("open", "");
  addEventListener("hashchange", reveal);
  reveal();
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("#ladders details:not([open])")];
    for (const part of folded) part.open = true;
  });
  addEventListener("afterprint", () => { for (const part of folded) part.open = false; });
})();
