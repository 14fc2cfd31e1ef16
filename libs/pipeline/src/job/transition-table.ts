/** Where each event leads from each state. An event that a row does not name is refused there. */
export type TransitionTable<State extends string, Event extends string> = Readonly<
  Record<State, Readonly<Partial<Record<Event, State>>>>
>;

/** The state that an event leads to, or nothing where the table refuses it. */
export function follow<State extends string, Event extends string>(
  table: TransitionTable<State, Event>,
  state: State,
  event: Event,
): State | undefined {
  return table[state][event];
}

/** A state with no way out is final: derived, never listed. */
export function hasNoWayOut<State extends string>(
  table: TransitionTable<State, string>,
  state: State,
): boolean {
  return Object.keys(table[state]).length === 0;
}
