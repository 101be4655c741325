// Pins, and what the node runs short of. In a real Chromium over the mock of
// the API.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as scenes from './scenes.mjs'
import { choose, onStage, page, press, says, show, text, tidy, until } from './stage.mjs'

onStage()

const rows = (n) => until((k) => document.querySelectorAll('.grid .body .tr').length === k, n)

test('without a pin the page says what one is, and the command that makes it', async () => {
  await show(scenes.empty(), '/files')
  await page.getByRole('link', { name: 'Pins', exact: true }).click()
  await says('.empty', 'also when its content is deleted')
  assert.match(await text('.empty'), /weir pin add CID/)
})

test('pins are listed with what they keep; one is made, what is refused is said', async () => {
  const world = await show(scenes.pinned(), '/pins')
  await rows(4)
  await says('h1', 'pins keep blocks on this node')
  assert.match(await text('.grid .body'), /this block alone/)
  await press('New pin')
  await page.locator('dialog input[type=text]').first().fill('bafybeinothere')
  await press('Pin it')
  await says('dialog .problem', 'A block is not here.')
  await page.locator('dialog input[type=text]').first().fill('bafybei' + 'n'.repeat(52))
  await page.locator('dialog input[type=text]').last().fill('night sky')
  assert.match(await text('dialog .command'), /weir pin add bafybein+ --name 'night sky'/)
  await press('Pin it')
  await says('.toast', '34 blocks are kept here until the pin is taken away.')
  await page.mouse.move(5, 5)
  await rows(5)
  assert.equal(world.pins.size, 5)
})

test('a pin is taken away, also somebody else’s', async () => {
  const world = await show(scenes.pinned(), '/pins')
  await choose('What to do with survey.parquet', 'Take the pin away…')
  assert.match(await text('dialog'), /What will be lost[\s\S]*88 MiB[\s\S]*What will still exist[\s\S]*weir pin rm/)
  await press('Take it away')
  await page.mouse.move(5, 5)
  await rows(3)
  const other = [...world.pins.values()].find((p) => p.owner !== 'local')
  await choose(`What to do with ${other.cid}`, 'Take the pin away…')
  await press('Take it away')
  await page.mouse.move(5, 5)
  await rows(2)
  assert.ok([...world.pins.values()].every((p) => p.owner === 'local'))
})

test('a content is pinned from its own menu', async () => {
  const world = await show(scenes.done(), '/files')
  await choose('What to do with photographs', 'Pin its blocks here…')
  await press('Pin it')
  await says('.toast', 'are kept here')
  assert.deepEqual([...world.pins.values()].map((p) => p.name), ['photographs'])
})

test('a disk that is nearly full is told of, with what to do', async () => {
  await show(scenes.scarce(), '/node')
  await says('section[aria-label=Store] .words', 'The disk is nearly full: 3 GiB are free.')
  assert.match(await text('section[aria-label=Store]'), /weir store gc/)
})

test('a wallet with nothing on it is told of, with what that means', async () => {
  await show(Object.assign(scenes.done(), { balance: '0' }), '/node')
  await says('section[aria-label=Wallets] .words', 'no deal can be proposed until one of them is funded')
})

test('on a narrow screen a pin can be taken away too', async () => {
  await show(scenes.pinned(), '/pins', { viewport: { width: 360, height: 740 } })
  assert.equal(await page.locator('.rail [aria-current]').innerText(), 'Files')
  await choose('What to do with survey.parquet', 'Take the pin away…')
  await says('dialog', 'What will be lost')
})

test('none of it is wider than a narrow screen, and every control has a name', async () => {
  await show(scenes.pinned(), '/pins', { viewport: { width: 360, height: 740 } })
  await tidy(['/pins', '/node', '/files'])
})
