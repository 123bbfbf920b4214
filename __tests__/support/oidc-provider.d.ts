/** The part of oidc-provider that the tests use; the package has no types. */
declare module "oidc-provider" {
  import type { IncomingMessage, ServerResponse } from "node:http";

  interface Grant {
    addOIDCScope(scope: string): void;
    save(): Promise<string>;
  }

  export default class Provider {
    constructor(issuer: string, configuration: object);
    callback(): (incoming: IncomingMessage, outgoing: ServerResponse) => void;
    interactionDetails(
      incoming: IncomingMessage,
      outgoing: ServerResponse,
    ): Promise<{ params: { client_id: string; scope?: string } }>;
    interactionFinished(incoming: IncomingMessage, outgoing: ServerResponse, result: object): Promise<void>;
    readonly Grant: new (about: {
      accountId: string;
      clientId: string;
    }) => Grant;
    readonly Client: { find(clientId: string): Promise<object> };
    readonly RefreshToken: new (
      about: object,
    ) => { save(): Promise<string> };
    use(middleware: (context: never, next: () => Promise<void>) => Promise<void>): void;
    on(event: string, listener: (token: { readonly jti: string; readonly clientId: string }) => void): void;
  }
}
