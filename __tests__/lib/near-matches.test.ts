import { expect, it } from "vitest";
import { nearMatches } from "../../src/lib/text.ts";

const all = [
  { folder: "\\a", name: "x" },
  { folder: "\\teams\\shop\\release", name: "Deploy-Web" },
  { folder: "\\", name: "deploy" },
  { folder: "\\old\\web", name: "ci" },
  { folder: "\\web", name: "ci" },
  { folder: "\\apps\\web", name: "ci-nightly" },
];

const nearest = (name: string, folder?: string) => nearMatches({ folder, name }, all)[0];

it("nearMatches compares only names if no folder was requested", () => {
  expect(nearest("deploy-web")).toBe(all[1]);
  expect(nearest("deploy-wbe")).toBe(all[1]);
  expect(nearest("deplyo")).toBe(all[2]);
});

it("nearMatches counts two swapped letters as one change", () => {
  expect(nearMatches({ folder: undefined, name: "wirte" }, [{ folder: "", name: "write" }])).toHaveLength(1);
});

it("nearMatches prefers the pipeline with the shorter folder if names are equally similar", () => {
  expect(nearest("CI")).toBe(all[4]);
});

it("nearMatches counts a typo in the folder like one in the name", () => {
  expect(nearest("ci", "\\wbe")).toBe(all[4]);
  expect(nearest("ci", "\\old\\wbe")).toBe(all[3]);
  expect(nearest("ci-nightli", "\\apps\\web")).toBe(all[5]);
});

it("nearMatches returns nothing if no name is similar", () => {
  expect(nearMatches({ folder: undefined, name: "ci" }, [])).toEqual([]);
  expect(nearMatches({ folder: undefined, name: "something else" }, all)).toEqual([]);
});

it("nearMatches lists up to three, the most similar first", () => {
  const names = nearMatches({ folder: undefined, name: "deplo" }, all).map(({ name }) => name);
  expect(names).toEqual(["deploy", "Deploy-Web"]);
});
