import { ByteWriter } from "./byteWriter.ts";
import { FunctionBuilder } from "./functionBuilder.ts";
import { type ValueType, valueTypeBytes } from "./valueType.ts";

/** A function of the module; its index is known once all imports are. */
export interface FunctionReference {
  index(): number;
}

/** The one memory of a module, imported. */
export interface MemoryImport {
  readonly module: string;
  readonly name: string;
  /** In pages of 64 KiB. */
  readonly minimum?: number;
  /** In pages; a shared memory needs one. */
  readonly maximum?: number;
  readonly shared?: boolean;
}

interface FunctionImport {
  readonly module: string;
  readonly name: string;
  readonly type: number;
}

const sections = { type: 1, import: 2, function: 3, export: 7, code: 10 } as const;

/** A WebAssembly module that is written function by function. */
export class ModuleBuilder {
  private readonly types = new Map<string, number>();
  private readonly imports = new Map<string, FunctionReference & FunctionImport>();
  private readonly functions: FunctionBuilder[] = [];
  private readonly exports: [name: string, target: FunctionReference][] = [];
  private memory: MemoryImport | undefined;

  importMemory(memory: MemoryImport): void {
    this.memory = memory;
  }

  /** A function that the host provides; asking again for the same name gives the same function. */
  importFunction(
    module: string,
    name: string,
    params: readonly ValueType[],
    results: readonly ValueType[],
  ): FunctionReference {
    const key = `${module}.${name}`;
    const known = this.imports.get(key);
    if (known) return known;
    const index = this.imports.size;
    const added = { module, name, type: this.typeIndex(params, results), index: () => index };
    this.imports.set(key, added);
    return added;
  }

  /**
   * A new function.
   *
   * @param build receives the builder of its body
   * @returns what `call` takes
   */
  addFunction(
    params: readonly ValueType[],
    results: readonly ValueType[],
    build: (fn: FunctionBuilder) => void,
  ): FunctionReference {
    const fn = new FunctionBuilder(this, params, results);
    const place = this.functions.push(fn) - 1;
    this.typeIndex(params, results);
    build(fn);
    return { index: () => this.imports.size + place };
  }

  /** Names of the functions that the host has to provide. */
  get importedFunctions(): readonly string[] {
    return [...this.imports.values()].map(({ name }) => name);
  }

  /** Makes a function callable by name. */
  exportFunction(name: string, target: FunctionReference): void {
    this.exports.push([name, target]);
  }

  /** The finished module. */
  toBytes(): Uint8Array<ArrayBuffer> {
    const out = new ByteWriter(4096);
    out.append([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
    writeSection(out, sections.type, this.types.size, (body) => {
      for (const signature of this.types.keys()) writeSignature(body, signature);
    });
    const importCount = this.imports.size + (this.memory ? 1 : 0);
    writeSection(out, sections.import, importCount, (body) => this.writeImports(body));
    writeSection(out, sections.function, this.functions.length, (body) => {
      for (const { params, results } of this.functions) body.unsigned(this.typeIndex(params, results));
    });
    writeSection(out, sections.export, this.exports.length, (body) => {
      for (const [name, target] of this.exports) {
        body.text(name);
        body.byte(0);
        body.unsigned(target.index());
      }
    });
    writeSection(out, sections.code, this.functions.length, (body) => {
      for (const fn of this.functions) fn.writeTo(body);
    });
    return out.view().slice();
  }

  private writeImports(body: ByteWriter): void {
    if (this.memory) writeMemoryImport(body, this.memory);
    for (const { module, name, type } of this.imports.values()) {
      body.text(module);
      body.text(name);
      body.byte(0);
      body.unsigned(type);
    }
  }

  /** Equal signatures share one type. */
  private typeIndex(params: readonly ValueType[], results: readonly ValueType[]): number {
    const key = `${params.join()}:${results.join()}`;
    const known = this.types.get(key);
    if (known !== undefined) return known;
    this.types.set(key, this.types.size);
    return this.types.size - 1;
  }
}

function writeSection(out: ByteWriter, id: number, count: number, write: (body: ByteWriter) => void): void {
  const body = new ByteWriter(1024);
  body.unsigned(count);
  write(body);
  out.byte(id);
  out.unsigned(body.length);
  out.append(body.view());
}

function writeSignature(body: ByteWriter, signature: string): void {
  body.byte(0x60);
  for (const part of signature.split(":")) {
    const types = part === "" ? [] : (part.split(",") as ValueType[]);
    body.unsigned(types.length);
    for (const type of types) body.byte(valueTypeBytes[type]);
  }
}

function writeMemoryImport(
  body: ByteWriter,
  { module, name, minimum = 1, maximum, shared = false }: MemoryImport,
): void {
  body.text(module);
  body.text(name);
  body.byte(2);
  body.byte((maximum === undefined ? 0 : 1) + (shared ? 2 : 0));
  body.unsigned(minimum);
  if (maximum !== undefined) body.unsigned(maximum);
}
