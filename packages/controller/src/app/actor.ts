/** Who asks, for the audit trail and for what they may do. */
export interface Actor {
  readonly name: string;
  readonly role: 'viewer' | 'operator' | 'administrator';
}
