// Starts Chromium and gives each test a fresh page. The dashboard is built
// once into a temporary folder.
import { chromium } from 'playwright-core'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildAll } from '../../webui/build.mjs'

export const here = dirname(fileURLToPath(import.meta.url))
const browserPaths = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

export const browserPath = browserPaths.find((p) => p && existsSync(p))

export async function launch() {
  return chromium.launch({
    executablePath: browserPath,
    headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-dev-shm-usage'],
  })
}

let dist = ''
export async function built() {
  if (!dist) {
    dist = mkdtempSync(join(tmpdir(), 'weir-webui-'))
    process.on('exit', () => rmSync(dist, { recursive: true, force: true }))
    await buildAll(dist)
  }
  return dist
}

/// A page that fails its test on any script error or anything that the
/// Content-Security-Policy had to stop.
export async function open(browser, url, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, reducedMotion: 'reduce', colorScheme: 'light', timezoneId: 'UTC', locale: 'en-GB', ...options })
  const page = await context.newPage()
  const faults = []
  page.on('pageerror', (e) => faults.push(e.message))
  page.on('console', (m) => /Content.Security.Policy|Refused to/i.test(m.text()) && faults.push(m.text()))
  await page.goto(url)
  return { page, context, faults }
}

export function shotPath(name) {
  const dir = process.env.WEIR_SHOTS || join(here, 'shots')
  mkdirSync(dir, { recursive: true })
  return join(dir, name + '.png')
}
