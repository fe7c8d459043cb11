// Writes locales/traditional.yaml: how simplified Chinese becomes traditional
// Chinese as Taiwan writes it, character by character (s2tw of OpenCC), its words
// left as they are. The server converts by that table and traditional_words.yaml.
//
//   node traditional.mjs           writes the table
//   node traditional.mjs --check   exits 1 when the table is out of date
//
// The table holds the characters, and of the phrases that OpenCC knows those that
// characters and shorter phrases would get wrong. It is given only once it is proved
// that it does what OpenCC does, to each of these phrases and to all Chinese of ours
// but where our own words say otherwise, and that a second conversion changes nothing.
import { Converter } from "opencc-js/cn2t";
import { Trie } from "opencc-js/core";
import compatibility from "opencc-js/dict/CJK_Compatibility_Ideographs";
import characters from "opencc-js/dict/STCharacters";
import phrases from "opencc-js/dict/STPhrases";
import regionalPhrases from "opencc-js/dict/STPhrases_GeneratedFromRegionalPhrases";
import variants from "opencc-js/dict/TWVariants";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const target = "locales/traditional.yaml";
const openCC = Converter({ from: "cn", to: "tw" });
const keysOf = (...dicts) => [...new Set(dicts.join("|").split("|").map((entry) => entry.split(" ")[0]))];
const firstOf = (text) => String.fromCodePoint(text.codePointAt(0));
const lengthOf = (text) => [...text].length;
const byCode = (a, b) => a.codePointAt(0) - b.codePointAt(0);

/** The conversion as traditional.go does it: from the left, the longest phrase first. */
class Table {
  characters = new Map();
  phrases = new Map();
  matches = new Map(); // [from, to] by their first character, longest first

  learn(phrase, result = openCC(phrase)) {
    prove(lengthOf(phrase) === lengthOf(result), `${phrase} becomes longer or shorter: ${result}`);
    this.phrases.set(phrase, result);
    // What a phrase becomes stays as it is: a second conversion changes nothing.
    for (const from of [result, phrase]) {
      const others = this.matches.get(firstOf(from))?.filter((one) => one[0] !== from) ?? [];
      this.matches.set(firstOf(from), [...others, [from, result]].sort((a, b) => b[0].length - a[0].length));
    }
  }

  with(words) {
    const table = new Table();
    table.characters = this.characters;
    for (const [from, to] of [...this.phrases, ...words]) table.learn(from, to);
    return table;
  }

  convert(text) {
    let result = "";
    for (let at = 0; at < text.length; ) {
      const first = firstOf(text.slice(at, at + 2));
      const [from, to] = this.matches.get(first)?.find(([from]) => text.startsWith(from, at)) ?? [first, this.characters.get(first) ?? first];
      result += to;
      at += from.length;
    }
    return result;
  }
}

/** The lines of the files below a folder whose names match. */
async function linesOf(folder, pattern) {
  const names = (await readdir(folder, { recursive: true })).filter((name) => pattern.test(name)).sort();
  const files = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  return [...new Set(files.flatMap((file) => file.split("\n")))];
}

async function wordsOf(part) {
  const [, list] = (await readFile("locales/traditional_words.yaml", "utf8")).split(new RegExp(`^${part}:$`, "m"));
  return [...list.split(/^\w+:$/m)[0].matchAll(/^ {2}(\S+): (\S+)$/gm)].map(([, from, to]) => [from, to]);
}

function dictionary() {
  const table = new Table();
  for (const character of keysOf(compatibility, characters, variants)) {
    if (openCC(character) !== character) table.characters.set(character, openCC(character));
  }
  // A result that is itself a source would not stay as it is.
  for (const [from, to] of table.characters) if (table.characters.has(to)) table.characters.delete(from);
  const known = keysOf(phrases, regionalPhrases).sort((a, b) => a.length - b.length);
  for (const phrase of known) if (table.convert(phrase) !== openCC(phrase)) table.learn(phrase);
  prove(known.every((phrase) => table.convert(phrase) === openCC(phrase)), "a phrase of OpenCC comes out wrong");
  prove(known.every((phrase) => table.convert(openCC(phrase)) === openCC(phrase)), "a phrase of OpenCC does not stay as it is");
  return table;
}

const cutter = new Trie();
cutter.loadDictGroup([phrases, regionalPhrases]);

/** The phrase that the table lacks for the text, if any; throws when that is not what is wrong. */
function missing(table, words, text) {
  const result = table.convert(text);
  prove(table.convert(result) === result, `${result} does not stay as it is`);
  const at = difference(result, openCC(text), covered(words, text));
  if (at < 0) return undefined;
  let end = 0;
  const phrase = cutter.segment(text).find((part) => (end += lengthOf(part)) > at);
  prove(!table.phrases.has(phrase) && lengthOf(phrase) > 1, `${text} becomes ${result}, not ${openCC(text)}`);
  return phrase;
}

/** The place of the first character that differs and is none of ours, or -1. */
function difference(got, want, ours) {
  const wanted = [...want];
  return [...got].findIndex((character, at) => character !== wanted[at] && !ours.has(at));
}

/** The places in the text of the characters of the words. */
function covered(words, text) {
  const places = new Set();
  for (const [word] of words) {
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
      const start = lengthOf(text.slice(0, at));
      for (let i = 0; i < lengthOf(word); i++) places.add(start + i);
    }
  }
  return places;
}

function prove(holds, complaint) {
  if (!holds) throw new Error(complaint);
}

/** The table as YAML: pairs, in the order of the first character. */
function render(table) {
  const characters = [...table.characters].sort(([a], [b]) => byCode(a, b)).map((pair) => pair.join(""));
  const rows = [];
  for (let i = 0; i < characters.length; i += 24) rows.push(characters.slice(i, i + 24).join(" "));
  const groups = new Map();
  for (const pair of [...table.phrases].sort(([a], [b]) => (a < b ? -1 : 1))) {
    groups.set(firstOf(pair[0]), [...(groups.get(firstOf(pair[0])) ?? []), pair.join(" ")]);
  }
  const block = (lines) => lines.map((line) => `  ${line}\n`).join("");
  return `# Made by make locales from the data of OpenCC (Apache-2.0); do not edit.
# Pairs of simplified and traditional: characters, then phrases.
characters: |
${block(rows)}phrases: |
${block([...groups.keys()].sort(byCode).map((first) => groups.get(first).join(" ")))}`;
}

const [office, screen] = [await wordsOf("office"), await wordsOf("interface")];
const texts = [
  { words: office, lines: await linesOf("../seeds", /\.(yaml|csv)$/) },
  { words: [...office, ...screen], lines: await linesOf("locales", /\.zh-CN\.yaml$/) },
];
const table = dictionary();
for (let lacking; lacking === undefined || lacking.length > 0; ) {
  lacking = texts.flatMap(({ words, lines }) => {
    const whole = table.with(words);
    return lines.map((line) => missing(whole, words, line)).filter(Boolean);
  });
  lacking.forEach((phrase) => table.learn(phrase));
}
if (!process.argv.includes("--check")) {
  await writeFile(target, render(table));
} else if ((await readFile(target, "utf8")) !== render(table)) {
  console.error(`frontend/${target} is out of date: run make locales and commit it`);
  process.exit(1);
}
