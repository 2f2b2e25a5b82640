type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };

/** Leaves out schemas that nothing refers to, and gives refusals their own media type (RFC 9457). */
export function tidyDocument<T>(document: T): T {
  const copy = JSON.parse(JSON.stringify(document)) as JsonObject;
  for (const path of Object.values(objectOf(copy['paths']))) {
    for (const operation of Object.values(objectOf(path))) {
      const responses = objectOf(objectOf(operation)['responses']);
      for (const status of ['4XX', '5XX']) {
        const content = objectOf(objectOf(responses[status])['content']);
        const body = content['application/json'];
        if (body === undefined) continue;
        delete content['application/json'];
        content['application/problem+json'] = body;
      }
    }
  }
  const schemas = objectOf(objectOf(copy['components'])['schemas']);
  const used = new Set<string>();
  const follow = (value: Json | undefined): void => {
    if (Array.isArray(value)) value.forEach(follow);
    else if (typeof value === 'object' && value !== null) {
      const reference = value['$ref'];
      const name = typeof reference === 'string' ? reference.replace('#/components/schemas/', '') : null;
      if (name !== null && !used.has(name)) {
        used.add(name);
        follow(schemas[name]);
      }
      Object.values(value).forEach(follow);
    }
  };
  follow(copy['paths']);
  for (const name of Object.keys(schemas)) if (!used.has(name)) delete schemas[name];
  return copy as T;
}

function objectOf(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
