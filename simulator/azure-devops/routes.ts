import type { Route } from "./router.ts";
import { approvalRoutes } from "./routes-approvals.ts";
import { artifactRoutes } from "./routes-artifacts.ts";
import { buildRoutes } from "./routes-builds.ts";
import { buildListRoutes } from "./routes-builds-list.ts";
import { changeRoutes } from "./routes-changes.ts";
import { coreRoutes } from "./routes-core.ts";
import { definitionRoutes } from "./routes-definitions.ts";
import { logRoutes } from "./routes-logs.ts";
import { permissionRoutes } from "./routes-permissions.ts";
import { runRoutes } from "./routes-runs.ts";
import { tagRoutes } from "./routes-tags.ts";
import { testRoutes } from "./routes-tests.ts";

export const routes: readonly Route[] = [
  ...runRoutes,
  ...buildRoutes,
  ...buildListRoutes,
  ...logRoutes,
  ...artifactRoutes,
  ...changeRoutes,
  ...tagRoutes,
  ...definitionRoutes,
  ...approvalRoutes,
  ...permissionRoutes,
  ...testRoutes,
  ...coreRoutes,
];
