// The same with parameters, which are YAML.
import { getInput, setFailed, setOutput } from "@actions/core";
import { HttpClient } from "@actions/http-client";
import { parse } from "yaml";

const client = new HttpClient("bench");
const body = JSON.stringify({
  resources: { repositories: { self: { refName: process.env.GITHUB_REF } } },
  templateParameters: parse(getInput("parameters")),
});
const response = await client.post(`${getInput("api")}/pipelines/42/runs?api-version=7.1`, body, {
  authorization: `Basic ${Buffer.from(`:${getInput("token")}`).toString("base64")}`,
  accept: "application/json",
  "content-type": "application/json",
});
const run = JSON.parse(await response.readBody());
if (response.message.statusCode === 200) setOutput("run-id", run.id);
else setFailed(run.message);
