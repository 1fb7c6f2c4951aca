/**
 * Minimum-cost assignment: each row gets a column of its own so that the costs add up to the least.
 *
 * The Hungarian method by shortest augmenting paths with potentials (Jonker & Volgenant 1987), O(rows²·columns)
 * with rows ≤ columns, else the other way round. Among equally cheap assignments the result is always the same one.
 *
 * @param cost [rows, columns] row-major, any sign; whole numbers below 2⁵³ stay exact.
 * @returns the column of each row; −1 for the rows that get none when rows > columns.
 * @throws Error when the length is not rows × columns or a cost is not finite.
 */
export function assign(cost: ArrayLike<number>, rows: number, columns: number): Int32Array {
  if (cost.length !== rows * columns)
    throw new Error(
      `The cost matrix has ${cost.length} numbers; ${rows} rows of ${columns} columns need ${rows * columns}.`,
    );
  for (let i = 0; i < cost.length; i++)
    if (!Number.isFinite(cost[i]!))
      throw new Error(
        `The cost of row ${Math.floor(i / columns)} at column ${i % columns} is ${cost[i]}; expected a finite number.`,
      );
  if (rows <= columns) return shortestPaths(cost, rows, columns, columns, 1);
  const rowOf = shortestPaths(cost, columns, rows, 1, columns);
  const columnOf = new Int32Array(rows).fill(-1);
  for (let column = 0; column < columns; column++) columnOf[rowOf[column]!] = column;
  return columnOf;
}

/**
 * Agent a's cost at task t is cost[a·agentStride + t·taskStride]; agents ≤ tasks. Returns the task of each agent.
 * Agents and tasks count from 1 inside, so that 0 can mean "nobody": task 0 holds the agent that seeks a place.
 */
function shortestPaths(
  cost: ArrayLike<number>,
  agents: number,
  tasks: number,
  agentStride: number,
  taskStride: number,
): Int32Array {
  const agentPotential = new Float64Array(agents + 1);
  const taskPotential = new Float64Array(tasks + 1);
  const agentOf = new Int32Array(tasks + 1);
  const cameFrom = new Int32Array(tasks + 1);
  const slack = new Float64Array(tasks + 1);
  const reached = new Uint8Array(tasks + 1);
  for (let seeker = 1; seeker <= agents; seeker++) {
    agentOf[0] = seeker;
    slack.fill(Infinity);
    reached.fill(0);
    let task = 0;
    do {
      reached[task] = 1;
      const agent = agentOf[task]!;
      const from = (agent - 1) * agentStride;
      let step = Infinity;
      let next = 0;
      for (let t = 1; t <= tasks; t++) {
        if (reached[t]) continue;
        const reduced =
          cost[from + (t - 1) * taskStride]! - agentPotential[agent]! - taskPotential[t]!;
        if (reduced < slack[t]!) {
          slack[t] = reduced;
          cameFrom[t] = task;
        }
        if (slack[t]! < step) {
          step = slack[t]!;
          next = t;
        }
      }
      for (let t = 0; t <= tasks; t++) {
        if (reached[t]) {
          agentPotential[agentOf[t]!]! += step;
          taskPotential[t]! -= step;
        } else slack[t]! -= step;
      }
      task = next;
    } while (agentOf[task] !== 0);
    // A free task is reached: everyone on the path moves one along it.
    while (task !== 0) {
      const before = cameFrom[task]!;
      agentOf[task] = agentOf[before]!;
      task = before;
    }
  }
  const taskOf = new Int32Array(agents);
  for (let t = 1; t <= tasks; t++) if (agentOf[t]! > 0) taskOf[agentOf[t]! - 1] = t - 1;
  return taskOf;
}
