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

it("goes by the bare name where no folder was asked for, however deep the folder is", () => {
  expect(nearest("deploy-web")).toBe(all[1]);
  expect(nearest("deploy-wbe")).toBe(all[1]);
  expect(nearest("deplyo")).toBe(all[2]);
});

it("takes the one that lies higher up where two names are as near", () => {
  expect(nearest("CI")).toBe(all[4]);
});

it("counts a mistake in the folder like one in the name", () => {
  expect(nearest("ci", "\\wbe")).toBe(all[4]);
  expect(nearest("ci", "\\old\\wbe")).toBe(all[3]);
  expect(nearest("ci-nightli", "\\apps\\web")).toBe(all[5]);
});

it("is none where every name is far away", () => {
  expect(nearMatches({ folder: undefined, name: "ci" }, [])).toEqual([]);
  expect(nearMatches({ folder: undefined, name: "something else" }, all)).toEqual([]);
});

it("lists up to three, the most similar first", () => {
  const names = nearMatches({ folder: undefined, name: "deplo" }, all).map(({ name }) => name);
  expect(names).toEqual(["deploy", "Deploy-Web"]);
});
