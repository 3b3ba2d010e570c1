// Charts: what the server says of one (labels, series, unit), drawn by Plotly in the page's own colours.

const TONES = { good: "--good", warn: "--warn", bad: "--bad" };
const PALETTE = 8;
const NARROW = 480;
const THICK = 26; // the most a bar is high, in pixels
const PLOTTED = 0.6; // the part of its width that a chart has for bars, beside their names
const LETTER = 8; // pixels
const BEFORE = { USD: "$", GBP: "£", JPY: "¥", INR: "₹", AUD: "A$", CAD: "CA$", NZD: "NZ$", BRL: "R$" };
const BEHIND = { EUR: "€", PLN: "zł", CZK: "Kč" };

let library = null;

/** The library weighs megabytes, so it comes after the figures are on the screen; once. */
export function charts() {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = document.querySelector("script[data-charts]").dataset.charts;
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => reject(new Error("The charts did not load; the tables below them say the same."));
    document.head.append(script);
  });
  return library;
}

const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** A value as people write it. */
export function written(value, chart, brief = false) {
  if (value === null || value === undefined) return "–";
  const digits = { maximumFractionDigits: brief ? 1 : 2 };
  const short = brief && Math.abs(value) >= 100000 ? { notation: "compact", maximumFractionDigits: 1 } : {};
  const plain = (options) => new Intl.NumberFormat("en", { ...digits, ...short, ...options }).format(value);
  switch (chart.unit) {
    case "money":
    case "rate": {
      const code = chart.currency || "EUR";
      const cents = brief || Math.abs(value) >= 1000 || Number.isInteger(value) ? 0 : 2;
      const digits = new Intl.NumberFormat("en", short.notation ? short : { minimumFractionDigits: cents, maximumFractionDigits: cents }).format(Math.abs(value));
      const sign = value < 0 ? "-" : "";
      return BEFORE[code] ? `${sign}${BEFORE[code]}${digits}` : `${sign}${digits} ${BEHIND[code] ?? code}`;
    }
    case "hours": {
      const minutes = Math.round(value * 60);
      const [whole, rest] = [Math.floor(minutes / 60), minutes % 60];
      if (brief || !rest || whole >= 100) return `${plain({ maximumFractionDigits: brief ? 1 : 0 })} h`;
      return whole ? `${whole} h ${String(rest).padStart(2, "0")} min` : `${rest} min`;
    }
    case "percent":
      return `${plain({})} %`;
    case "seconds":
      return value && value < 1 ? `${Math.round(value * 1000)} ms` : `${plain({})} s`;
    default:
      return plain({});
  }
}

/** A label as people write it: a date where it is one. */
export function named(label, chart) {
  if (!chart.dated) return label;
  const at = new Date(label.length === 10 ? `${label}T00:00` : label);
  const day = { day: "numeric", month: "short" };
  return label.length === 10 ? at.toLocaleDateString("en-GB", day) : at.toLocaleString("en-GB", { ...day, hour: "2-digit", minute: "2-digit" });
}

function colour(series, place) {
  return style(TONES[series.tone] ?? `--c${(place % PALETTE) + 1}`);
}

function shown(chart, faint, wide) {
  const across = chart.form === "bars";
  const labels = chart.labels.map((label) => named(label, chart));
  const hover = (series) => series.values.map((value) => written(value, chart));
  if (chart.form === "band") {
    const [low, middle, high] = chart.series;
    const main = style("--primary");
    const line = (series, more) => ({
      type: "scatter", mode: "lines", x: labels, y: series.values, name: series.name, customdata: hover(series),
      hovertemplate: `${series.name}: <b>%{customdata}</b><extra></extra>`, ...more,
    });
    return [
      line(low, { line: { width: 1, color: faint, dash: "dot" }, fillcolor: "transparent" }),
      line(high, { line: { width: 1, color: faint, dash: "dot" }, fill: "tonexty", fillcolor: style("--band") }),
      line(middle, { line: { width: 2.5, color: main } }),
    ];
  }
  return chart.series.map((series, place) => {
    const common = {
      name: series.name,
      x: across ? series.values : labels,
      y: across ? labels : series.values,
      customdata: hover(series),
      hovertemplate: `%{${across ? "y" : "x"}}<br>${chart.series.length > 1 ? `${series.name}: ` : ""}<b>%{customdata}</b><extra></extra>`,
    };
    if (chart.form === "lines") {
      return { ...common, x: chart.dated ? chart.labels : labels, type: "scatter", mode: "lines", connectgaps: false, line: { width: 2, color: colour(series, place) }, hovertemplate: `${series.name}: <b>%{customdata}</b><extra></extra>` };
    }
    const inside = across && chart.series.length === 1;
    return {
      ...common,
      type: "bar",
      orientation: across ? "h" : "v",
      marker: { color: colour(series, place), cornerradius: chart.form === "stack" ? 0 : 4 },
      ...(inside ? { text: hover(series), textposition: seats(series, chart, wide), cliponaxis: false, insidetextfont: { color: style("--on-bar") } } : {}),
    };
  });
}

/** Where the figure of each bar stands: inside where it fits as it is, else behind it. */
function seats(series, chart, wide) {
  const room = (wide * PLOTTED) / (most(chart) || 1);
  return series.values.map((value) => (value * room > written(value, chart).length * LETTER ? "inside" : "outside"));
}

/** The least height of a chart in pixels, known before it is drawn so that nothing on the page jumps. */
export function height(chart) {
  const several = chart.series.length > 1;
  if (chart.form !== "bars") return 250;
  return Math.max(150, 40 + chart.labels.length * (several ? 40 : 31)) + (several ? 30 : 0);
}

/** Draw a chart into its place; `go` opens the records behind a label. */
export async function draw(place, chart, go) {
  const plotly = await charts();
  if (!place.isConnected) return;
  const [ink, faint, grid] = ["--foreground", "--muted-foreground", "--border"].map(style);
  const across = chart.form === "bars";
  const narrow = place.clientWidth < NARROW;
  const several = chart.series.length > 1;
  const axis = { fixedrange: true, gridcolor: grid, zeroline: false, linecolor: grid, automargin: true, tickfont: { color: faint, size: 11.5 }, ticks: "" };
  const ticks = values(chart, across && narrow ? 2 : 4);
  const worth = { ...axis, tickangle: 0, tickmode: "array", tickvals: ticks, ticktext: ticks.map((value) => written(value, chart, true)), range: [0, Math.max(ticks.at(-1), most(chart) * 1.04) || 1] };
  const names = across
    ? { ...axis, autorange: "reversed", showgrid: false, type: "category", tickfont: { color: ink, size: 12 }, ticklabelstandoff: 6 }
    : { ...axis, showgrid: false, type: chart.dated && chart.form === "lines" ? "date" : "category", nticks: narrow ? 5 : 10, tickangle: 0, ...(chart.dated ? {} : sparse(chart, narrow)) };
  const layout = {
    autosize: true,
    margin: { l: 4, r: 8, t: 6, b: 4 },
    paper_bgcolor: "transparent",
    plot_bgcolor: "transparent",
    font: { family: style("--font-sans"), color: ink, size: 12 },
    barmode: chart.form === "stack" ? "stack" : "group",
    bargap: across ? Math.max(0.34, 1 - (THICK * chart.labels.length * (several ? 2 : 1)) / (height(chart) - 50)) : 0.3,
    bargroupgap: 0.06,
    showlegend: several,
    legend: { orientation: "h", y: 1.02, yanchor: "bottom", x: 0, font: { color: faint, size: 11.5 }, itemclick: false, itemdoubleclick: false, traceorder: "normal" },
    hovermode: across ? "closest" : chart.form === "stack" || chart.form === "columns" ? "closest" : "x unified",
    hoverlabel: { bgcolor: style("--popover"), bordercolor: grid, font: { color: ink, size: 12.5, family: style("--font-sans") } },
    xaxis: across ? { ...worth, showgrid: true } : names,
    yaxis: across ? names : worth,
    dragmode: false,
  };
  await plotly.react(place, shown(chart, faint, place.clientWidth), layout, { displayModeBar: false, responsive: true, staticPlot: false });
  place.removeAllListeners?.("plotly_click");
  if (chart.links.length) {
    place.classList.add("leads");
    place.on("plotly_click", ({ points }) => {
      const link = chart.links[points[0].pointNumber];
      if (link) go(link);
    });
  }
}

/** The greatest value, of bars that stand on each other their sum. */
function most(chart) {
  const sum = (place) => chart.series.reduce((all, one) => (chart.form === "stack" ? all + (one.values[place] ?? 0) : Math.max(all, one.values[place] ?? 0)), 0);
  return Math.max(...chart.labels.map((_, place) => sum(place)), 0);
}

/** Round values of an axis from 0 to the greatest, about so many. */
function values(chart, many) {
  const top = most(chart);
  if (!top) return [0];
  const rough = top / many;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((part) => part * power).find((part) => part >= rough);
  const whole = chart.unit === "count" ? Math.max(1, Math.round(step)) : step;
  return Array.from({ length: Math.floor(top / whole) + 1 }, (_, number) => number * whole);
}

/** On a narrow screen every other label, or fewer. */
function sparse(chart, narrow) {
  const every = Math.ceil(chart.labels.length / (narrow ? 5 : 12));
  return every > 1 ? { tickmode: "array", tickvals: chart.labels.filter((_, place) => place % every === 0) } : {};
}
