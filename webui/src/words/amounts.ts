// Numbers as a person reads them. Sizes are binary, three digits are enough,
// the exact value is on hover.
const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB']
const whole = new Intl.NumberFormat('en-GB')

export function count(n: number): string {
  return whole.format(n)
}

export function bytes(n: number): string {
  if (!Number.isFinite(n) || n < 0) return '—'
  let unit = 0
  let value = n
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  const digits = unit === 0 ? 0 : value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2
  const text = unit > 0 && digits > 0 ? value.toFixed(digits).replace(/\.?0+$/, '') : value.toFixed(digits)
  return `${text} ${units[unit]}`
}

export function exactBytes(n: number): string {
  return n === 1 ? '1 byte' : `${count(n)} bytes`
}

const letters = 'KMGTPE'

/// What somebody wrote into a field as bytes, as the command line reads it: "10 GiB", "1.5G", "2 TB", "4096"; null when it is no size.
export function parseBytes(text: string): number | null {
  const found = /^(\d+(?:\.\d+)?)\s*(?:([KMGTPE])(iB?|B)?|B|bytes?)?$/i.exec(text.trim())
  if (!found) return null
  const [, number, letter, rest = ''] = found
  const power = letter ? letters.indexOf(letter.toUpperCase()) + 1 : 0
  const n = Number(number) * (rest.toUpperCase() === 'B' ? 1000 : 1024) ** power
  return Number.isSafeInteger(n) ? n : null
}

/// In the largest unit that loses nothing, as a field shows it: "10 GiB".
export function exactSize(n: number): string {
  let unit = 0
  let value = n
  while (value >= 1024 && value % 256 === 0 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  return `${value} ${units[unit]}`
}

export function plural(n: number, one: string, many = one + 's'): string {
  return `${count(n)} ${n === 1 ? one : many}`
}

/// attoFIL (a decimal string) as FIL, nanoFIL or attoFIL, whichever reads shortest.
export function fil(atto: string | undefined | null): string {
  if (!atto || !/^-?\d+$/.test(atto)) return '—'
  const negative = atto.startsWith('-')
  const digits = atto.replace('-', '').replace(/^0+/, '')
  if (digits === '') return '0 FIL'
  const [scale, name] = digits.length > 15 ? [18, 'FIL'] : digits.length > 6 ? [9, 'nanoFIL'] : [0, 'attoFIL']
  const padded = digits.padStart(scale + 1, '0')
  const left = padded.slice(0, padded.length - scale) || '0'
  const right = scale ? padded.slice(padded.length - scale).slice(0, 4).replace(/0+$/, '') : ''
  return `${negative ? '−' : ''}${whole.format(BigInt(left))}${right ? '.' + right : ''} ${name}`
}

export function share(part: number, all: number): string {
  if (all <= 0) return '0 %'
  const percent = (100 * part) / all
  if (percent > 0 && percent < 1) return '< 1 %'
  if (percent > 99 && percent < 100) return '> 99 %'
  return `${Math.round(percent)} %`
}

export function rate(bytesPerSecond: number): string {
  return `${bytes(bytesPerSecond)}/s`
}

const filUnits: [name: string, scale: number][] = [['FIL', 18], ['nanoFIL', 9], ['attoFIL', 0]]

/// attoFIL in the largest unit that loses nothing, as a field shows it: "0.5 FIL".
export function exactFil(atto: string): string {
  const digits = (atto || '0').replace(/^0+(?=\d)/, '')
  if (digits === '0') return '0 FIL'
  // More than four digits behind the point are easier to read in a smaller unit.
  const fits = ([, scale]: [string, number]) => scale === 0 || /^\d{0,4}0*$/.test(digits.padStart(scale, '0').slice(-scale))
  const [name, scale] = filUnits.find((u) => fits(u) && digits.length > u[1] - 4)!
  const padded = digits.padStart(scale + 1, '0')
  const right = scale ? padded.slice(-scale).replace(/0+$/, '') : ''
  return `${padded.slice(0, padded.length - scale)}${right ? '.' + right : ''} ${name}`
}

/// What somebody wrote into a field as attoFIL: "0.5 FIL", "20 nanoFIL", "7"; null when it is no amount.
export function parseFil(text: string): string | null {
  const found = /^(\d+)(?:\.(\d+))?\s*(fil|nanofil|attofil)?$/i.exec(text.trim())
  if (!found) return null
  const [, whole, part = '', unit = 'fil'] = found
  const scale = filUnits.find(([name]) => name.toLowerCase() === unit.toLowerCase())![1]
  if (part.length > scale) return null
  return (BigInt(whole) * 10n ** BigInt(scale) + BigInt(part.padEnd(scale, '0') || '0')).toString()
}
