/** The embedded database can't be run here; the message names what is in the way and the remedy. */
export class EmbeddedDatabaseUnavailable extends Error {
  override readonly name = 'EmbeddedDatabaseUnavailable';
}

/** Closes every such message: a PostgreSQL server of one's own always works. */
export const ownServerRemedy = 'or set DATABASE_URL to a PostgreSQL server of your own';
