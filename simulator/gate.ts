import type { Answer } from "./answer.ts";
import { type Call, queryOf } from "./call.ts";
import { identityOf, type Office } from "./office.ts";
import { projectInvisible, projectUnknown, routeUnknown } from "./problems.ts";
import { findRoute, type Place, placeOf } from "./router.ts";
import type { Arrival } from "./server.ts";
import { credentialOf, refuse } from "./sign-in.ts";
import { checkVersion } from "./versions.ts";

/** From a request to its answer: who asks, for what, in which version. */
export function answerTo(arrival: Arrival, office: Office): Answer {
  const { method, url, headers } = arrival;
  const page = office.page(arrival);
  if (page !== undefined) return page;
  const place = placeOf(url.pathname, office.collections);
  if (place === undefined) return routeUnknown(url.pathname);
  const credential = credentialOf(headers["authorization"]);
  const acceptance = office.accepts(credential);
  if (acceptance !== "yes") {
    const suppressed = headers["x-tfs-fedauthredirect"]?.toLowerCase() === "suppress";
    const { quirks } = office.world;
    return refuse(acceptance, { method, url: url.href, credential, suppressed, quirks });
  }
  const caller = identityOf(office, credential);
  return { ...answerWithin(place, arrival, office, { credential, caller }), caller };
}

function answerWithin(
  place: Place,
  { method, url, headers, body }: Arrival,
  office: Office,
  who: Pick<Call, "credential" | "caller">,
): Answer {
  const found = findRoute(office.routes, method, place);
  if (!("route" in found)) {
    return found.methods.length === 0 ? routeUnknown(url.pathname) : wrongMethod(method);
  }
  const refusal = place.project === undefined ? undefined : checkProject(place.project, office);
  if (refusal !== undefined) return refusal;
  const call: Call = {
    ...addresses(place, office),
    ...who,
    world: office.world,
    method,
    pathname: url.pathname,
    params: found.params,
    query: queryOf(url.searchParams),
    accept: headers["accept"] ?? "",
    bodyText: body,
  };
  return checkVersion(call, found.route.previewOnly) ?? found.route.answer(call);
}

function checkProject(asked: string, { world }: Office): Answer | undefined {
  const { id, name } = world.project;
  const isIt = [id, name].some((one) => one.toLowerCase() === asked.toLowerCase());
  if (!isIt) return projectUnknown(asked);
  return world.quirks.invisibleProject === true ? projectInvisible(id) : undefined;
}

function addresses(place: Place, office: Office) {
  const path = place.collection.map(encodeURIComponent).join("/");
  const projectId = office.world.project.id;
  const collection = `${office.origin()}${path === "" ? "" : `/${path}`}`;
  return {
    collection,
    home: `${collection}/${projectId}`,
    artifactHome: office.artifactHome(),
    signedHome: office.signedOrigin(),
  };
}

function wrongMethod(method: string): Answer {
  return {
    status: 405,
    type: "application/json; charset=utf-8",
    json: { Message: `The requested resource does not support http method '${method}'.` },
  };
}
