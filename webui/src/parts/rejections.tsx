// Why not the others: each rejection with its reason and the value that decided.
import type { Rejection } from '../api/types'
import { link } from '../routes'

export function Rejections({ rows, subject = false }: { rows: (Rejection & { piece?: string })[]; subject?: boolean }) {
  if (rows.length === 0) return <p class="quiet">Nobody was turned down.</p>
  return (
    <table class="small">
      <thead>
        <tr>
          <th>{subject ? 'Piece' : 'Provider'}</th>
          <th>Reason</th>
          <th class="n-out">Value</th>
          <th class="n-out">Limit</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((r, i) => (
          <tr key={i}>
            <td>{subject ? <a href={link('pieces', r.piece ?? '')}>{(r.piece ?? '').slice(0, 14)}…</a> : <a href={link('providers', r.provider)}>{r.provider}</a>}</td>
            <td title={r.code}>{r.reason || r.code}</td>
            <td class="n-out">{r.value || '—'}</td>
            <td class="n-out">{r.limit || '—'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
