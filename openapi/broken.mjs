// Shows that the rules of rules.spectral.yaml can fail.
//
//   node broken.mjs CONTRACT              prints the contract with every rule broken
//   node broken.mjs --found FOUND RULES   fails if what Spectral found in it lacks a rule

import { readFileSync } from "node:fs";

const read = (path) => readFileSync(path, "utf8");

function broken(contract) {
  const { paths, components, info } = contract;
  const schemas = components.schemas;
  contract.openapi = "3.1.1";
  contract.servers = [{ url: "/api" }];
  info.version = "1";
  info.contact.email = "nobody";
  const read = paths["/capacity"].get;
  delete read.summary;
  delete read.responses["403"];
  delete read.responses["200"].headers;
  read.responses["500"].content = { "application/json": { schema: { type: "object" } } };
  read.responses["200"].content["application/json"].example = 5;
  read.responses["418"] = { description: "a teapot" };
  read.requestBody = { content: { "application/json": { schema: { type: "object" } } } };
  paths["/units"].get.operationId = "list_places";
  paths["/v2/Waiting_list/"] = { trace: { responses: { 200: { description: "" } } } };
  delete paths["/referrals/_search"].post["x-safe"];
  delete paths["/referrals/_search"].post.responses["400"];
  paths["/audit-entries"].get.parameters.push({ name: "from_index", in: "query", schema: { type: "string" } });
  schemas.Problem.allOf = [];
  schemas.bad_name = { type: "number" };
  schemas.Odd = {
    description: "Odd.",
    type: "object",
    properties: {
      unit_id: { type: "string" },
      latitude: { type: "string" },
      endDate: { type: "string" },
      sentAt: { type: "string" },
      lost: { $ref: "other.json#/Lost" },
      word: { type: "string", enum: ["Not-Snake"] },
      day: { type: "integer", example: "one" },
    },
  };
  delete info.license;
  return contract;
}

function lacking(found, rules) {
  const named = [...read(rules).split("\nrules:\n")[1].matchAll(/^ {2}([a-zA-Z0-9-]+):/gm)];
  const codes = new Set(JSON.parse(read(found)).map((one) => one.code));
  return named.map((match) => match[1]).filter((name) => !codes.has(name));
}

const [first, second, third] = process.argv.slice(2);
if (first === "--found") {
  const missing = lacking(second, third);
  if (missing.length > 0) {
    console.error(`no breach found by: ${missing.join(", ")}`);
    process.exit(1);
  }
} else {
  console.log(JSON.stringify(broken(JSON.parse(read(first))), null, 2));
}
