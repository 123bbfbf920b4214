// Loaded before the bundle: notes in the file of LOADED_FILES which files were loaded before the first request.
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { writeFileSync } from "node:fs";
import { registerHooks } from "node:module";

const urls: string[] = [];

registerHooks({
  load: (url, context, nextLoad) => {
    urls.push(url);
    return nextLoad(url, context);
  },
});

const requestStart = "http.client.request.start";

function noteFiles(): void {
  unsubscribe(requestStart, noteFiles);
  const files = urls.filter((url) => url.startsWith("file:"));
  writeFileSync(process.env["LOADED_FILES"] ?? "", JSON.stringify(files));
}

subscribe(requestStart, noteFiles);
