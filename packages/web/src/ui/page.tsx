import { type ReactNode, useEffect } from 'react';

/**
 * The frame of every page: its title (also the document's), where it belongs, its actions, its content. `ready={false}` as long as the content
 * isn't there; the first time that it is, the browser's timeline has the mark `wirebook-usable`.
 */
export function Page(props: {
  title: string;
  /** A link to the list it came from. */
  above?: ReactNode;
  /** A sentence or tags beside the title. */
  aside?: ReactNode;
  actions?: ReactNode;
  ready?: boolean;
  children: ReactNode;
}): ReactNode {
  const { title, ready = true } = props;
  useEffect(() => {
    document.title = `${title} · Wirebook`;
  }, [title]);
  useEffect(() => {
    if (ready && performance.getEntriesByName('wirebook-usable').length === 0)
      performance.mark('wirebook-usable');
  }, [ready]);
  return (
    <article className="wb-page" aria-busy={!ready}>
      <header className="wb-page-head">
        <div className="wb-page-title">
          {props.above !== undefined && <div className="wb-page-above">{props.above}</div>}
          <h1 title={title}>{title}</h1>
          {props.aside !== undefined && <div className="wb-page-aside">{props.aside}</div>}
        </div>
        {props.actions !== undefined && <div className="wb-page-actions">{props.actions}</div>}
      </header>
      {props.children}
    </article>
  );
}

/** A part of a page with its own heading. */
export function Section(props: { title: string; actions?: ReactNode; children: ReactNode }): ReactNode {
  return (
    <section className="wb-section" aria-label={props.title}>
      <header className="wb-section-head">
        <h2>{props.title}</h2>
        {props.actions}
      </header>
      {props.children}
    </section>
  );
}
