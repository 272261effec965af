/** A value of a row does not fit its target; the message is the reason in the list of refused rows. */
export class Unfit extends Error {
  override readonly name = "Unfit";
  /** The target field that it was meant for. */
  field: string | null = null;
}
