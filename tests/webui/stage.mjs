// What tests of pages over the mock of the API stand on: one browser, a page
// for each test, and short words for what somebody in front of it does.
import assert from 'node:assert/strict'
import { after, afterEach, before } from 'node:test'
import { Mock } from './mock/server.mjs'
import { built, launch, open } from './harness.mjs'

export let browser
export let mock
export let page
export let context
let faults

/// Once in each file of tests.
export function onStage() {
  before(async () => (browser = await launch()))
  after(() => browser.close())
  afterEach(async () => {
    assert.deepEqual(faults, [], 'script errors and refusals of the policy')
    await context.close()
    await mock.stop()
  })
}

/// `token`: the node wants one, so nothing is live yet.
export async function show(world, hash, { token, ...options } = {}) {
  mock = await new Mock(world, { dist: await built(), token }).start()
  ;({ page, context, faults } = await open(browser, `${mock.url}/#${hash}`, options))
  if (!token) await page.waitForSelector('.state.live')
  return world
}

/// Faults that a test brings about on purpose.
export function forgive(part) {
  faults.splice(0, faults.length, ...faults.filter((f) => !f.includes(part)))
}

export const text = (selector) => page.locator(selector).innerText()
export const until = (fn, arg) => page.waitForFunction(fn, arg)
export const goTo = (hash) => page.goto(`${mock.url}/#${hash}`)
export const says = (selector, words) => until(([s, w]) => document.querySelector(s)?.textContent.includes(w), [selector, words])
export const field = (path) => page.locator(`[data-field="${path}"]`)
export const press = (name) => page.getByRole('button', { name, exact: true }).click()
export async function choose(opener, choice) {
  await page.getByRole('button', { name: opener }).click()
  await page.getByRole('menuitem', { name: choice }).click()
}

/// So many watches are open at the node.
export async function watchers(world, n) {
  const end = Date.now() + 10_000
  while (world.ffs.watchers.size !== n && Date.now() < end) await page.evaluate(() => new Promise((ok) => requestAnimationFrame(ok)))
  assert.equal(world.ffs.watchers.size, n)
}

/// Nothing is wider than the screen, and every control has a name.
export async function tidy(pages) {
  for (const p of pages) {
    await goTo(p)
    await page.waitForSelector('main h1')
    await until(() => !document.querySelector('.waiting'))
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    assert.ok(over <= 0, `${p} is ${over} px too wide`)
    const unnamed = await page.evaluate(() =>
      [...document.querySelectorAll('button, a[href], input, select, svg[role=img], [role=grid]')]
        .filter((e) => !(e.getAttribute('aria-label') || e.textContent.trim() || e.labels?.length || e.title))
        .map((e) => e.outerHTML.slice(0, 120)),
    )
    assert.deepEqual(unnamed, [], p)
  }
}
