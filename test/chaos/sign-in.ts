export async function signInCampaign(_: { kills: number; seed: number; build: string }): Promise<boolean> {
  return false;
}
