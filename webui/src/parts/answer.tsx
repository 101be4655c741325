// The head of a page: its one large number, the sentence that it belongs to,
// and what can be done here.
import type { ComponentChildren } from 'preact'

export interface AnswerProps {
  big: ComponentChildren
  sentence: ComponentChildren
  more?: ComponentChildren
  children?: ComponentChildren
}

const longName = 36

export function Answer({ big, sentence, more, children }: AnswerProps) {
  const long = typeof big === 'string' && big.length > longName
  return (
    <header class="answer">
      <h1>
        <span class={long ? 'big long' : 'big'}>{big}</span> <span class="sentence">{sentence}</span>
      </h1>
      {more && <p class="more">{more}</p>}
      {children && <div class="acts row">{children}</div>}
    </header>
  )
}

export function Crumbs({ trail, here }: { trail: [name: string, href: string][]; here: string }) {
  return (
    <nav class="crumbs" aria-label="Where this is">
      {trail.map(([name, href]) => (
        <span key={href}>
          <a href={href}>{name}</a>
          <span class="quiet" aria-hidden="true"> / </span>
        </span>
      ))}
      <span aria-current="page">{here}</span>
    </nav>
  )
}
