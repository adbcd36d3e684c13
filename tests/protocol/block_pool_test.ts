import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { wordBytes } from "../../lib/block.ts";
import { firstReadBytes, slabBytes } from "../../lib/limits.ts";
import { BlockPool } from "../../lib/protocol/block_pool.ts";

Deno.test({
  name: "BlockPool.take() gives blocks that do not overlap, nor do the words behind them",
  permissions: "none",
  fn() {
    const pool = new BlockPool(firstReadBytes);
    const blocks = Array.from({ length: 2 * slabBytes / 512 }, () => pool.take());
    assertEquals(new Set(blocks.map(({ bytes }) => bytes.buffer)).size, 2);
    blocks.forEach((block, at) => {
      block.bytes.fill(at % 251);
      block.view.setBigUint64(firstReadBytes, BigInt(at));
    });
    for (const [at, { bytes, view }] of blocks.entries()) {
      assertEquals([bytes.length, view.byteLength], [firstReadBytes, firstReadBytes + wordBytes]);
      assert(bytes.every((byte) => byte === at % 251));
      assertEquals(view.getBigUint64(firstReadBytes), BigInt(at));
    }
  },
});

Deno.test({
  name: "BlockPool.give() has a block taken again before another is cut",
  permissions: "none",
  fn() {
    const pool = new BlockPool(24);
    const [one, other] = [pool.take(), pool.take()];
    assertNotEquals(one.bytes.byteOffset, other.bytes.byteOffset);
    pool.give(one);
    assertEquals(pool.take() === one, true);
    assert(![one, other].includes(pool.take()));
  },
});
