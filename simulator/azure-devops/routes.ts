import type { Route } from "./router.ts";
import { agentRoutes } from "./routes-agents.ts";
import { approvalRoutes } from "./routes-approvals.ts";
import { artifactRoutes } from "./routes-artifacts.ts";
import { buildDetailRoutes } from "./routes-build-details.ts";
import { buildRoutes } from "./routes-builds.ts";
import { buildListRoutes } from "./routes-builds-list.ts";
import { changeRoutes } from "./routes-changes.ts";
import { checkRoutes } from "./routes-checks.ts";
import { coreRoutes } from "./routes-core.ts";
import { definitionRoutes } from "./routes-definitions.ts";
import { folderRoutes } from "./routes-folders.ts";
import { gitRoutes } from "./routes-git.ts";
import { gitItemRoutes } from "./routes-git-items.ts";
import { gitStatusRoutes } from "./routes-git-statuses.ts";
import { logRoutes } from "./routes-logs.ts";
import { permissionRoutes } from "./routes-permissions.ts";
import { propertyRoutes } from "./routes-properties.ts";
import { releaseRoutes } from "./routes-releases.ts";
import { retentionRoutes } from "./routes-retention.ts";
import { runRoutes } from "./routes-runs.ts";
import { settingsRoutes } from "./routes-settings.ts";
import { sourceProviderRoutes } from "./routes-source-providers.ts";
import { tagRoutes } from "./routes-tags.ts";
import { coreTeamRoutes } from "./routes-teams.ts";
import { templateRoutes } from "./routes-templates.ts";
import { testReportRoutes } from "./routes-test-reports.ts";
import { testRunRoutes } from "./routes-test-runs.ts";
import { variableGroupRoutes } from "./routes-variable-groups.ts";

export const routes: readonly Route[] = [
  ...runRoutes,
  ...buildRoutes,
  ...buildListRoutes,
  ...logRoutes,
  ...artifactRoutes,
  ...changeRoutes,
  ...tagRoutes,
  ...definitionRoutes,
  ...buildDetailRoutes,
  ...retentionRoutes,
  ...settingsRoutes,
  ...templateRoutes,
  ...sourceProviderRoutes,
  ...propertyRoutes,
  ...folderRoutes,
  ...agentRoutes,
  ...variableGroupRoutes,
  ...gitRoutes,
  ...gitItemRoutes,
  ...gitStatusRoutes,
  ...releaseRoutes,
  ...coreTeamRoutes,
  ...checkRoutes,
  ...approvalRoutes,
  ...permissionRoutes,
  ...testReportRoutes,
  ...testRunRoutes,
  ...coreRoutes,
];
