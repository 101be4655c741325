// Why not the others: each rejection with its reason and the value that decided.
import type { Rejection } from '../api/types'
import { link } from '../routes'
import { bytes, fil } from '../words/amounts'
import { shortCid } from '../words/names'

/// What decided, in the unit of what it was about.
function amount(r: Rejection, value: string): string {
  // The one that it is about decided nothing.
  if (value === r.provider) return '—'
  if (!/^\d+$/.test(value)) return value || '—'
  // Without a code it was eligible, and its price decided.
  if (['none', 'price-too-high', 'insufficient-funds'].includes(r.code)) return fil(value)
  return r.code === 'too-large' || /size|bytes|smaller|larger/i.test(r.reason) ? bytes(Number(value)) : value
}

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
            <td>{subject ? <a href={link('pieces', r.piece ?? '')}>{shortCid(r.piece ?? '', 10)}</a> : <a href={link('providers', r.provider)}>{r.provider}</a>}</td>
            <td class="reason" title={r.code}>{r.reason || r.code}</td>
            <td class="value n-out">{amount(r, r.value)}</td>
            <td class="value n-out">{amount(r, r.limit)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
