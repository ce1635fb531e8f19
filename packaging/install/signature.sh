# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154 # variables are shared with install.sh
# Copyright the l2packet_counter authors
#
# Sourced by install.sh. Checks whether the kernel requires signed modules (Secure Boot,
# lockdown), and finds the key to sign with.

secure_boot_is_on()
{
	local state byte
	local variable=$ROOT/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c

	if command -v mokutil >/dev/null 2>&1 && state=$(mokutil --sb-state 2>/dev/null); then
		[[ $state == *"SecureBoot enabled"* ]]
		return
	fi
	[ -r "$variable" ] || return 1
	# Four bytes of attributes, then the value.
	byte=$(od -An -tu1 -j4 -N1 "$variable" 2>/dev/null | tr -d ' ')
	[ "$byte" = 1 ]
}

# Set LOCKDOWN (none, integrity, confidentiality, unknown) and ENFORCE (Y, N, unknown).
read_signature_policy()
{
	local text=

	LOCKDOWN=unknown
	ENFORCE=unknown
	[ ! -r "$ROOT/sys/kernel/security/lockdown" ] ||
		read -r text <"$ROOT/sys/kernel/security/lockdown"
	[[ ! $text =~ \[([a-z]+)\] ]] || LOCKDOWN=${BASH_REMATCH[1]}
	[ ! -r "$ROOT/sys/module/module/parameters/sig_enforce" ] ||
		read -r ENFORCE <"$ROOT/sys/module/module/parameters/sig_enforce"
}

# Set SIGN_WITH; without a key, set KEY_PLACE to the expected paths.
find_key()
{
	local dir=$ROOT/var/lib

	KEY_PLACE=("$dir/dkms/mok.key" "$dir/dkms/mok.pub")
	if [ "$USE_DKMS" = yes ]; then
		find_dkms_key
	elif [ -r "${KEY_PLACE[0]}" ] && [ -r "${KEY_PLACE[1]}" ]; then
		SIGN_WITH=("${KEY_PLACE[@]}")
	elif [ -r "$dir/shim-signed/mok/MOK.priv" ] && [ -r "$dir/shim-signed/mok/MOK.der" ]; then
		SIGN_WITH=("$dir/shim-signed/mok/MOK.priv" "$dir/shim-signed/mok/MOK.der")
	else
		return 1
	fi
}

explain_enrolment() # <certificate>
{
	printf '    %s\n' \
		"sudo mokutil --import $1      (choose a password, which is used once)" \
		"sudo reboot                                      (in the blue MOK screen: Enroll MOK, Continue, Yes, the password)" \
		"$(command_line)" >&4
}

check_signature()
{
	local reason='' signer key certificate directories

	read_signature_policy
	if [ "$ENFORCE" = Y ]; then
		reason="this kernel only loads signed modules (module.sig_enforce)"
	elif [ "$LOCKDOWN" = integrity ] || [ "$LOCKDOWN" = confidentiality ]; then
		reason="the kernel is locked down ($LOCKDOWN) and only loads signed modules"
	fi
	if secure_boot_is_on; then
		if [ -z "$reason" ] && [ "$LOCKDOWN" = none ]; then
			fine "Secure Boot is on, but this kernel does not require signed modules"
			return
		fi
		reason="Secure Boot is on: ${reason:-the kernel only loads modules signed with an enrolled key}"
	fi
	if [ -z "$reason" ]; then
		fine "no signature needed"
		return
	fi

	if ! find_key; then
		key=${KEY_PLACE[0]#"$ROOT"} certificate=${KEY_PLACE[1]#"$ROOT"}
		directories=${key%/*}
		[ "${certificate%/*}" = "$directories" ] || directories+=" ${certificate%/*}"
		lacks "a key to sign the module with: $reason" \
			"make a key, enrol it in the firmware, and run this script again:" \
			"sudo mkdir -p $directories" \
			"sudo openssl req -new -x509 -newkey rsa:2048 -nodes -days 36500 -outform DER -subj \"/CN=module signing on \$(hostname)/\" -keyout $key -out $certificate" \
			"sudo chmod 600 $key"
		explain_enrolment "$certificate"
		command -v mokutil >/dev/null 2>&1 ||
			printf '    mokutil is not installed:  %s\n' "$(packages_command mokutil)" >&4
		return
	fi
	# The exit status of --test-key differs between versions; its message does not.
	if command -v mokutil >/dev/null 2>&1 &&
	   [[ $(mokutil --test-key "${SIGN_WITH[1]}" 2>&1) == *"is not enrolled"* ]]; then
		lacks "an enrolled key: $reason, and ${SIGN_WITH[1]} is not enrolled yet"
		explain_enrolment "${SIGN_WITH[1]}"
		return
	fi
	for signer in "$KDIR/scripts/sign-file" "$(command -v kmodsign 2>/dev/null)"; do
		[ -x "$signer" ] || continue
		SIGN_WITH+=("$signer")
		fine "$reason; will be signed with ${SIGN_WITH[0]}"
		return
	done
	lacks "the program that signs modules ($KDIR/scripts/sign-file): $reason" "$(packages_command headers)"
}
