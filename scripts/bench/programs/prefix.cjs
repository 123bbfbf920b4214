// Reads a log and prints it with something in front of each line.
const http = require("node:http");

let rest = "";
http.get(process.env.ADDRESS, async (response) => {
  response.setEncoding("utf8");
  for await (const chunk of response) {
    const lines = (rest + chunk).split(/\r\n|\n/);
    rest = lines.pop();
    const text = lines.map((line) => `| ${line}\n`).join("");
    if (text !== "" && !process.stdout.write(text)) {
      await new Promise((resolve) => process.stdout.once("drain", resolve));
    }
  }
});
