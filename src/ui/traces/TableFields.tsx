import { useState } from 'react';
import { DELIMITERS, type TableLayout } from '../../data/arrays/layout.ts';
import {
  columnRoles,
  type ColumnMeaning,
  type Draft,
  type TableInfo,
  type TableRevision,
} from '../../data/traces/draft.ts';
import { notify, sentenceOf } from '../../state/notices.ts';
import { reviseTables } from '../../state/traces/open.ts';

const NAMES: Readonly<Record<TableLayout['delimiter'], string>> = {
  ...{ ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar', ' ': 'space' },
};

const asRead = ({ layout, columns }: TableInfo): TableRevision => ({ layout, columns });

/** How tables are read, with their first rows; what is changed is read again. */
export function TableFields({ draft }: { readonly draft: Draft }) {
  const revise = (at: number, revision: TableRevision): void => {
    const all = draft.tables.map((table, n) => (n === at ? revision : asRead(table)));
    reviseTables(all).catch((error: unknown) => notify('error', sentenceOf(error)));
  };
  return draft.tables.map((table, at) => (
    <TableField key={at} table={table} onChange={(revision) => revise(at, revision)} />
  ));
}

/** Columns that are shown: a table may have hundreds. */
const MOST_SHOWN = 24;
const ROWS_SHOWN = 3;

function TableField({
  table,
  onChange,
}: {
  readonly table: TableInfo;
  readonly onChange: (revision: TableRevision) => void;
}) {
  const { file, layout, names, columns, fault } = table;
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? columns : columns.slice(0, MOST_SHOWN);
  return (
    <fieldset className="draft-part">
      <legend>Columns of {file}</legend>
      <div className="draft-layout">
        <label>
          Delimiter{' '}
          <select
            value={layout.delimiter}
            onChange={(event) => {
              const delimiter = DELIMITERS.find((one) => one === event.target.value);
              if (delimiter) onChange({ layout: { ...layout, delimiter }, columns: null });
            }}
          >
            {DELIMITERS.map((one) => (
              <option key={one} value={one}>
                {NAMES[one]}
              </option>
            ))}
          </select>
        </label>
        <label>
          <input
            type="checkbox"
            checked={layout.hasHeader}
            onChange={(event) =>
              onChange({ layout: { ...layout, hasHeader: event.target.checked }, columns: null })
            }
          />{' '}
          The first row names the columns
        </label>
      </div>
      <div className="draft-table" tabIndex={0} role="group" aria-label={`Columns of ${file}`}>
        <table>
          <thead>
            <tr>
              <th scope="col">Column</th>
              <th scope="col">is</th>
              <th scope="col">of exit</th>
              <th scope="col">of class</th>
              <th scope="col">First rows</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((column, n) => (
              <ColumnRow
                key={n}
                name={names[n] ?? `${n}`}
                column={column}
                cells={table.rows.slice(0, ROWS_SHOWN).map((row) => row[n] ?? '')}
                onChange={(changed) => onChange({ layout, columns: columns.with(n, changed) })}
              />
            ))}
          </tbody>
        </table>
      </div>
      {columns.length > shown.length && (
        <button type="button" className="link" onClick={() => setWhole(true)}>
          show all {columns.length} columns
        </button>
      )}
      {fault && (
        <p className="fault" role="alert">
          {fault}
        </p>
      )}
    </fieldset>
  );
}

function ColumnRow({
  name,
  column,
  cells,
  onChange,
}: {
  readonly name: string;
  readonly column: ColumnMeaning;
  readonly cells: readonly string[];
  readonly onChange: (column: ColumnMeaning) => void;
}) {
  const { role } = column;
  const hasExit = role === 'prediction' || role === 'confidence' || role === 'score';
  return (
    <tr>
      <th scope="row">{name || '(no name)'}</th>
      <td>
        <select
          aria-label={`What ${name} is`}
          value={role}
          onChange={(event) => {
            const found = columnRoles.find((one) => one === event.target.value);
            if (found) onChange({ ...column, role: found });
          }}
        >
          {columnRoles.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      </td>
      <td>
        {hasExit && (
          <Word
            label={`Exit of ${name}`}
            value={column.exit}
            onChange={(exit) => onChange({ ...column, exit })}
          />
        )}
      </td>
      <td>
        {role === 'score' && (
          <Word
            label={`Class of ${name}`}
            value={column.of}
            onChange={(of) => onChange({ ...column, of })}
          />
        )}
      </td>
      <td>{cells.join(' · ')}</td>
    </tr>
  );
}

/** Taken when it is left: the table is read anew then. */
function Word({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  return (
    <input
      key={value}
      aria-label={label}
      defaultValue={value}
      size={8}
      onBlur={(event) => {
        if (event.target.value !== value) onChange(event.target.value);
      }}
    />
  );
}
