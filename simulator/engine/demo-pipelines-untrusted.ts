import type { PipelineSpec } from "../spec.ts";

/** Each line has a meaning for the runner, Markdown, HTML, Mermaid or a terminal. */
const lines = [
  "::set-output name=stolen::yes",
  "::add-mask::production",
  "::stop-commands::forever",
  "  ::error file=app.js,line=1::not ours",
  "##[error]looks like a failure",
  "##[add-mask]production",
  "##[group]never closed",
  "##vso[task.setvariable variable=stolen]yes",
  "text before ::warning::and after",
  "a carriage return\r::error::hidden behind it",
  "\u001b[31mred\u001b[0m and \u001b]8;;https://evil.example\u0007a link\u001b]8;;\u0007",
  "```",
  "</details><script>alert(1)</script>",
  "| a | table | row |",
  "$(rm -rf /) `whoami` $\u007b{ secrets.TOKEN }}",
  "\uFEFFa byte order mark, a zero\u200bwidth space and \u202Ean override",
];

export const untrusted: PipelineSpec = {
  id: 48,
  name: "::error::`hostile` | <b>pipeline</b>",
  folder: "\\a|b\\<i>",
  repository: { type: "TfsGit", name: "odd & ends #1", defaultBranch: "refs/heads/feature/#1&<b>x</b>" },
  stages: [
    {
      name: "end",
      displayName: "end; section x :done, 2000-01-01, 1d",
      jobs: [
        {
          name: "click",
          displayName: "::add-mask::a\n::error::second line | `code` [link](https://evil.example)",
          tasks: [
            {
              name: "##[error]<img src=x onerror=alert(1)>",
              seconds: 2,
              log: lines,
              issues: [
                {
                  type: "warning",
                  message: "first line\r\n::set-output name=x::y\n%0A::error::still the message | </details>",
                  data: { sourcepath: "a,b::c\n.js", linenumber: "7" },
                },
                { type: "warning", category: null, message: "" },
              ],
            },
            { name: "%%{init: {'theme':'dark'}}%%", seconds: 1, log: lines },
          ],
        },
        {
          name: "graph",
          displayName: "@everyone #1 :tada: --- todayMarker off",
          matrix: ["linux:x64", "win|x86"],
          tasks: [{ name: "%%", seconds: 1 }],
        },
      ],
    },
    {
      name: "Failing",
      displayName: "<!-- comment --> ``` gantt\n  dateFormat X",
      jobs: [
        {
          name: "smoke",
          displayName: "subgraph",
          tasks: [
            {
              name: "::endgroup::",
              seconds: 1,
              result: "failed",
              log: lines,
              issues: [{ type: "error", message: "::error::It said ```\n</pre><h1>no</h1>\n| and | more |" }],
            },
          ],
        },
      ],
    },
  ],
  artifacts: [
    { name: "..%2F<b>odd</b>", kind: "Container", files: { "../outside.txt": "no\n", "fine.txt": "yes\n" } },
  ],
  tests: { passed: 1, failed: 1, failedNames: ["`tick` | <b>bold</b>\n::error::x"] },
};
