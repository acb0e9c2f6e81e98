/** The files that `countersign init` writes, by path below the folder. */
export const initTemplates: Readonly<Record<string, string>> = {
  'inventories/hosts.yml': `# Ansible's own inventory format; an existing one works as it is (YAML).
all:
  vars:
    # A stock Windows listener is enough: NTLM with message sealing on port 5985.
    ansible_connection: psrp
    ansible_port: 5985
    ansible_psrp_protocol: http
    ansible_psrp_auth: ntlm
    ansible_user: "{{ lookup('env', 'COUNTERSIGN_USER') }}"
    ansible_password: "{{ lookup('env', 'COUNTERSIGN_PASSWORD') }}"
    # Name of the host's maintenance window; the playbook says when it is open.
    countersign_window: nights
  children:
    clients:
      hosts:
        ws-[01:03].corp.example:
    file_servers:
      hosts:
        fs-[01:02].corp.example:
    domain_controllers:
      hosts:
        dc-[01:02].corp.example:
    canary: # goes first, everywhere
      hosts:
        ws-01.corp.example:
        fs-01.corp.example:
`,
  'inventories/countersign.yml': `# Members of a set are never down together.
sets:
  - name: domain controllers
    hosts: domain_controllers
    min_available: 1
`,
  'playbooks/smb-hardening.yml': `version: 1
name: SMB hardening
hosts: all

windows:
  nights:
    days: [mon, tue, wed, thu]
    start: "22:00"
    duration: 6h
    timezone: Europe/Berlin
    cutoff: auto # no reboot starts that could not be verified before the end

defaults:
  concurrency: 10
  budget: { failed: 2, unreachable: 5%, unknown: 0 } # hosts tolerated; one more stops the run

phases:
  - name: audit
    controls:
      smb1-audit: { enabled: true }
    soak: 30d # see a business cycle, monthly jobs included

  - name: disable-smb1
    needs: [audit]
    window: "{{ countersign_window }}"
    controls:
      smb1-server: { enabled: false }
      smb1-feature: { installed: false }
    reboot: { when: needed, timeout: 20m, settle: 2m }
    waves: [{ hosts: canary, soak: 24h }, 25%, rest]
    gates:
      - manual: { ask: "Does the SMBv1 audit (event 3000) name no client that is still needed?" }

  - name: client-signing
    window: "{{ countersign_window }}"
    controls:
      smb-client-signing: { require: true }
    waves: [canary, rest]
    soak: 7d

  - name: server-enforcement
    hosts: all:!clients
    needs: [client-signing]
    window: "{{ countersign_window }}"
    controls:
      smb-server-signing: { require: true }
    gates:
      - manual: { ask: "Are all NAS and printer vendors confirmed?" }
`,
  '.env.example': `# Copy to .env; variables that are set already win. Keep .env out of version control.
COUNTERSIGN_USER=CORP\\svc-countersign
COUNTERSIGN_PASSWORD=
# COUNTERSIGN_INVENTORY=inventories
# COUNTERSIGN_PLAYBOOK=playbooks/smb-hardening.yml
`,
};
