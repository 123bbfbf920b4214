import { expect, it } from "vitest";
import { isHttpLoopback, isLoopback } from "../../src/lib/url.ts";

it.each(["localhost", "[::1]", "127.0.0.1", "127.100.200.254"])("isLoopback(%j) is true", (hostname) => {
  expect(isLoopback(hostname)).toBe(true);
  expect(isHttpLoopback({ protocol: "http:", hostname })).toBe(true);
  expect(isHttpLoopback({ protocol: "https:", hostname })).toBe(false);
});

it.each(["127.0.0.1.example.com", "my127.0.0.1", "128.0.0.1", "localhost.example.com", "127.0.0"])(
  "isLoopback(%j) is false",
  (hostname) => {
    expect(isLoopback(hostname)).toBe(false);
    expect(isHttpLoopback({ protocol: "http:", hostname })).toBe(false);
  },
);
