// Identifiers that look as the real ones do, the same in every run.
let seed = 20261121
function random() {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
  return seed
}

function letters(alphabet, n) {
  return Array.from({ length: n }, () => alphabet[(random() >>> 20) % alphabet.length]).join('')
}

const base32 = 'abcdefghijklmnopqrstuvwxyz234567'
const hex = '0123456789abcdef'

export const cid = () => 'bafybei' + letters(base32, 52)
export const rawCid = () => 'bafkrei' + letters(base32, 52)
export const pieceCid = () => 'baga6ea4seaq' + letters(base32, 52)
export const messageCid = () => 'bafy2bzace' + letters(base32, 52)
export const uuid = () =>
  `${letters(hex, 8)}-${letters(hex, 4)}-4${letters(hex, 3)}-a${letters(hex, 3)}-${letters(hex, 12)}`
