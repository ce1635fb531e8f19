# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154 # variables are shared with install.sh
# Copyright the l2packet_counter authors
#
# Sourced by install.sh. Which distribution this is, and the commands that
# install something on it.

# The distribution's family: the first of ID and ID_LIKE that is known here.
find_distribution()
{
	local key value word ids=

	DISTRIBUTION_ID=unknown

	if [ -r "$ROOT/etc/os-release" ]; then
		while IFS='=' read -r key value; do
			value=${value//[\"\']/}
			case $key in
			ID)
				ids="$value $ids"
				DISTRIBUTION_ID=$value
				;;
			ID_LIKE) ids="$ids $value" ;;
			esac
		done <"$ROOT/etc/os-release"
	fi
	DISTRIBUTION=unknown
	for word in $ids; do
		case $word in
		debian | ubuntu | raspbian) DISTRIBUTION=debian ;;
		fedora | rhel | centos) DISTRIBUTION=fedora ;;
		arch | archarm) DISTRIBUTION=arch ;;
		suse | opensuse* | sles) DISTRIBUTION=suse ;;
		alpine) DISTRIBUTION=alpine ;;
		*) continue ;;
		esac
		return
	done
}

headers_command()
{
	local base flavour=${RELEASE##*-}

	case $DISTRIBUTION in
	debian) echo "sudo apt install linux-headers-$RELEASE" ;;
	fedora)
		case $RELEASE in
		*uek*) echo "sudo dnf install kernel-uek-devel-$RELEASE" ;;
		*) echo "sudo dnf install kernel-devel-$RELEASE" ;;
		esac
		;;
	arch)
		# The kernel's package writes its own name there: linux, linux-lts, ...
		base=linux
		[ ! -r "$MODULES_DIR/pkgbase" ] || read -r base <"$MODULES_DIR/pkgbase"
		echo "sudo pacman -S $base-headers"
		;;
	suse) echo "sudo zypper install kernel-$flavour-devel" ;;
	alpine) echo "sudo apk add linux-$flavour-dev" ;;
	*) echo "install your distribution's package of headers for kernel $RELEASE" ;;
	esac
}

tool_command() # <tool>: make, gcc, clang, ld.lld
{
	local package=$1

	case $DISTRIBUTION/$1 in
	*/ld.lld) package=lld ;;
	debian/make | debian/gcc) package="build-essential" ;;
	arch/make | arch/gcc) package="base-devel" ;;
	alpine/make | alpine/gcc) package="build-base" ;;
	esac
	install_command "$package"
}

install_command() # <package>...
{
	case $DISTRIBUTION in
	debian) echo "sudo apt install $*" ;;
	fedora) echo "sudo dnf install $*" ;;
	arch) echo "sudo pacman -S $*" ;;
	suse) echo "sudo zypper install $*" ;;
	alpine) echo "sudo apk add $*" ;;
	*) echo "install $* from your distribution" ;;
	esac
}
