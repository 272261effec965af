/** Who asks, in which workspace, and in front of whom. Set by the door from a signed request, never by the model. */
export interface Actor {
  workspaceId: number;
  /** `person.person_id`; null for the terminal and for work that nobody asked for. */
  personId: number | null;
  audience: Audience;
  /** The workspace's time zone, in which moments become days; UTC unless given. */
  zone?: string;
}

/** private: only the asker reads it; channel: colleagues do; external: people of other companies may. */
export type Audience = "private" | "channel" | "external";
