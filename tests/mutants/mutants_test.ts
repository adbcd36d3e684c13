import { assert, assertEquals, assertThrows } from "@std/assert";
import { needs } from "../needs.ts";
import { mutants } from "./list.ts";
import { mutated, RottenMutantError, simulator } from "./mutant.ts";
import { chosen, parts } from "./mutants.ts";

const root = new URL("../../", import.meta.url);
const read = (file: string) => Deno.readTextFileSync(new URL(file, root));

Deno.test({
  name: "Every mutant's place is in the program exactly once, and its test is there",
  ...await needs("read"),
  fn() {
    for (const mutant of mutants) {
      const source = read(mutant.file);
      assert(mutated(mutant, source) !== source, mutant.name);
      const { killer } = mutant;
      if (killer.by === "test") {
        assert(read(killer.file).includes(killer.name), `${mutant.name}: ${killer.name}`);
      }
    }
    assertEquals(new Set(mutants.map(({ name }) => name)).size, mutants.length);
  },
});

Deno.test({
  name: "There are 40 mutants at least, 30 of them for the simulator alone",
  permissions: "none",
  fn() {
    assert(mutants.length >= 40);
    assert(mutants.filter(({ killer }) => killer === simulator).length >= 30);
  },
});

Deno.test({
  name: "mutated() throws when the place is not there, or there twice",
  permissions: "none",
  fn() {
    const mutant = { name: "m", file: "f", find: "a", replace: "b", why: "", killer: simulator };
    assertEquals(mutated(mutant, "cac"), "cbc");
    for (const source of ["", "aa"]) assertThrows(() => mutated(mutant, source), RottenMutantError);
  },
});

Deno.test({
  name: "chosen() takes parts of names, and of the list one part after the other",
  permissions: "none",
  fn() {
    assertEquals(chosen(mutants, ["synchronous"], 0).length, 1);
    const all = Array.from({ length: parts }, (_, part) => chosen(mutants, ["--part"], part));
    assertEquals(new Set(all.flat()).size, mutants.length);
    assertEquals(all.flat().length, mutants.length);
  },
});
