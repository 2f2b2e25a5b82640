import { z } from 'zod';

/** The closed list of failures that a request can meet, each with its HTTP status. Anything else is a bug. */
export const problemStatus = {
  invalid_input: 400,
  malformed_request: 400,
  unauthorized: 401,
  sign_in_refused: 401,
  sign_in_link_used: 401,
  sign_in_link_expired: 401,
  forbidden: 403,
  cross_site: 403,
  session_needed: 403,
  not_found: 404,
  ambiguous: 409,
  name_taken: 409,
  in_use: 409,
  account_busy: 409,
  overlap: 409,
  account_exists: 409,
  not_running: 409,
  claims_outside_range: 409,
  reservations_outside_range: 409,
  claims_in_the_way: 409,
  network_full: 409,
  gives_nothing: 409,
  address_not_free: 409,
  claim_has_other_address: 409,
  record_not_releasable: 409,
  reservation_overlap: 409,
  network_between: 409,
  keys_in_both: 409,
  wire_excluded: 409,
  nics_not_moved: 409,
  conflict_over: 409,
  no_host_fits: 409,
  name_taken_in_vcenter: 409,
  server_busy: 409,
  server_running: 409,
  tag_unknown: 404,
  server_not_changeable: 422,
  source_unusable: 422,
  setup_unfit: 422,
  password_wrong: 422,
  account_disabled: 422,
  address_outside_network: 422,
  reservation_outside_range: 422,
  expires_in_the_past: 422,
  not_shareable: 422,
  fixes_refused: 422,
  import_refused: 422,
  declarations_refused: 422,
  idempotency_key_reused: 409,
  request_in_progress: 409,
  range_outside_prefix: 422,
  gateway_outside_prefix: 422,
  giving_outside_range: 422,
  wire_takes_no_networks: 422,
  wire_missing: 422,
  primary_wire: 422,
  other_space: 422,
  companion_unfit: 422,
  cut_outside_range: 422,
  merge_unfit: 422,
  prefix_needed: 422,
  certificate_not_trusted: 422,
  certificate_changed: 422,
  login_refused: 422,
  privileges_missing: 422,
  unreachable: 422,
  not_a_vcenter: 422,
  other_vcenter: 422,
  reply_unusable: 422,
  payload_too_large: 413,
  unsupported_media_type: 415,
  too_many_requests: 429,
  sign_in_throttled: 429,
  simulated_vcenter_unavailable: 422,
  simulated_vcenter_failed: 503,
  database_unavailable: 503,
  internal: 500,
} as const satisfies Record<string, number>;

export type ProblemCode = keyof typeof problemStatus;
export const problemCodes = Object.keys(problemStatus) as [ProblemCode, ...ProblemCode[]];

export const problem = z
  .object({
    type: z.string(),
    code: z.enum(problemCodes),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    remedy: z.string(),
    errors: z
      .array(
        z.object({
          field: z.string(),
          value: z.unknown(),
          message: z.string(),
          line: z.number().int().optional().meta({ description: 'For imports: the line that the row gave.' }),
        }),
      )
      .optional()
      .meta({ description: 'For input: each field that was refused, with its value.' }),
    objects: z
      .array(z.object({ kind: z.string(), id: z.string().nullable(), name: z.string() }))
      .optional()
      .meta({ description: 'What is in the way, or the candidates of an ambiguous name.' }),
    certificate: z
      .object({
        sha256: z.string(),
        subject: z.string(),
        issuer: z.string(),
        validFrom: z.string(),
        validTo: z.string(),
      })
      .optional()
      .meta({ description: 'The certificate that the server showed, where trust in it is the question.' }),
  })
  .meta({ id: 'Problem' });
export type ProblemBody = z.infer<typeof problem>;
