/** A folder of pipelines that a client has created. */
interface StoredFolder {
  readonly path: string;
  readonly description: string;
  readonly createdOn: string;
}

/** The status of a commit in Azure Repos. */
export interface StoredStatus {
  readonly id: number;
  readonly state: string;
  readonly description: string;
  readonly context: { readonly name: string; readonly genre?: string };
  readonly creationDate: string;
  readonly updatedDate: string;
  readonly createdBy: unknown;
  readonly targetUrl: string | null;
}

/** An environment that a client has created or changed. */
export interface StoredEnvironment {
  readonly name: string;
  readonly description: string;
}

/** What clients can write in a project, apart from runs and pipelines. */
export interface ProjectData {
  readonly folders: Map<string, StoredFolder>;
  /** As they were saved, by id. */
  readonly templates: Map<string, Readonly<Record<string, unknown>>>;
  /** The settings that were changed, of each kind. */
  readonly settings: {
    readonly general: Record<string, boolean>;
    readonly build: Record<string, unknown>;
    /** Days or runs, by the name of the setting. */
    readonly retention: Record<string, number>;
  };
  /** By the definition's id. */
  readonly definitionTags: Map<number, string[]>;
  readonly definitionProperties: Map<number, Map<string, unknown>>;
  /** By the repository's id and the commit. */
  readonly commitStatuses: Map<string, StoredStatus[]>;
  /** By id, without the values of secrets. */
  readonly variableGroups: Map<number, Readonly<Record<string, unknown>>>;
  /** By id; null: deleted. */
  readonly environments: Map<number, StoredEnvironment | null>;
  /** As they were sent; of the project, or of one definition. */
  readonly authorizedResources: Map<"project" | number, Readonly<Record<string, unknown>>[]>;
}

export function createProjectData(): ProjectData {
  return {
    folders: new Map(),
    templates: new Map(),
    settings: { general: {}, build: {}, retention: {} },
    definitionTags: new Map(),
    definitionProperties: new Map(),
    commitStatuses: new Map(),
    variableGroups: new Map(),
    environments: new Map(),
    authorizedResources: new Map(),
  };
}

/** The value of a key, created when it is missing. */
export function getOrCreate<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  const value = map.get(key) ?? create();
  map.set(key, value);
  return value;
}
