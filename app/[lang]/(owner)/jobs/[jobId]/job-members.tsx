import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { membersQuery, useSetMember } from "#lib/client/queries/members.ts";
import { MEMBER_ROLES, type MemberRole } from "#lib/domain/job/job-role.ts";
import type { JobView } from "#lib/protocol/jobs/jobs.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "#lib/ui/controls/button.tsx";
import { controlProps, Field } from "#lib/ui/controls/field.tsx";
import { Input, Select } from "#lib/ui/controls/input.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { Skeleton } from "#lib/ui/display/skeleton.tsx";
import { toasts } from "#lib/ui/feedback/toast-store.ts";

/** Who may look at the job or manage it beside its owner, by wallet address. */
export function JobMembers({ job }: { job: JobView }) {
  const { text, fill } = useWords();
  const { members } = text.studio;
  const { data, error } = useQuery(membersQuery(job.id));
  const set = useSetMember(job.id);
  const takeOut = (address: string, role: MemberRole) => {
    const undo = { label: text.jobs.page.undo, run: () => set.mutate({ address, role }) };
    set.mutate({ address, role: null }, { onSuccess: () => toasts.show(fill(members.removed, { address }), undo) });
  };
  return (
    <Card>
      <CardHead title={members.title} />
      <p className="mb-3 text-quiet text-sm">{members.lead}</p>
      {error && !data ? <ErrorNote error={error} /> : null}
      {!data && !error ? <Skeleton label={members.loading} lines={2} /> : null}
      {data?.members.length === 0 ? <p className="mb-3 text-sm">{members.none}</p> : null}
      <ul className="divide-y divide-line text-sm">
        {data?.members.map(({ address, role }) => (
          <li key={address} className="flex flex-wrap items-center gap-2 py-2">
            <span className="min-w-0 flex-1 basis-40 break-all font-mono text-xs">{address}</span>
            <RoleSelect id={`role-${address}`} label={`${members.role} ${address}`} role={role} onRole={(next) => set.mutate({ address, role: next })} />
            <Button size="small" aria-label={`${members.remove} ${address}`} disabled={set.isPending} onClick={() => takeOut(address, role)}>
              {members.remove}
            </Button>
          </li>
        ))}
      </ul>
      {set.error ? <ErrorNote error={set.error} className="mt-2" isAlert /> : null}
      <AddMember job={job} />
    </Card>
  );
}

type RoleProps = { id: string; label: string; role: MemberRole; onRole: (role: MemberRole) => void };

function RoleSelect({ id, label, role, onRole }: RoleProps) {
  const { text } = useWords();
  return (
    <Select
      id={id}
      aria-label={label}
      className="w-auto! max-w-full"
      value={role}
      onChange={(event) => onRole(MEMBER_ROLES.find((each) => each === event.target.value) ?? "view")}
    >
      {MEMBER_ROLES.map((each) => (
        <option key={each} value={each}>
          {text.studio.members.roles[each]}
        </option>
      ))}
    </Select>
  );
}

function AddMember({ job }: { job: JobView }) {
  const { text, sayError } = useWords();
  const set = useSetMember(job.id);
  const { members } = text.studio;
  const [address, setAddress] = useState("");
  const [role, setRole] = useState<MemberRole>("view");
  const problem = set.error ? sayError(set.error) : null;
  const add = (event: FormEvent) => {
    event.preventDefault();
    set.mutate({ address: address.trim(), role }, { onSuccess: () => setAddress("") });
  };
  return (
    <form noValidate onSubmit={add} className="mt-3 space-y-3 text-sm">
      <Field id="member" label={members.address} hint={members.addressHint} problem={problem}>
        <Input
          {...controlProps("member", { hint: true, problem })}
          className="font-mono"
          spellCheck={false}
          value={address}
          onChange={(event) => setAddress(event.target.value)}
        />
      </Field>
      <div className="flex flex-wrap items-center gap-2">
        <RoleSelect id="member-role" label={members.role} role={role} onRole={setRole} />
        <Button type="submit" size="small" disabled={set.isPending || address.trim() === ""}>
          {members.add}
        </Button>
      </div>
    </form>
  );
}
