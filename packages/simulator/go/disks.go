package main

import (
	"fmt"
	"path"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/vmware/govmomi/vim25/types"
)

// growDisk gives a disk the capacity asked for. It never shrinks, and a linked
// clone's can't even grow.
func growDisk(disk, asked *types.VirtualDisk) types.BaseMethodFault {
	capacity := asked.CapacityInBytes
	if asked.CapacityInKB*1024 > capacity || capacity == disk.CapacityInBytes {
		capacity = asked.CapacityInKB * 1024
	}
	switch {
	case capacity == 0 || capacity == disk.CapacityInKB*1024:
		return nil
	case capacity < disk.CapacityInKB*1024:
		return new(types.InvalidDeviceOperation)
	}
	if backing, ok := disk.Backing.(*types.VirtualDiskFlatVer2BackingInfo); ok && backing.Parent != nil {
		return new(types.InvalidDeviceOperation)
	}
	setCapacity(disk, capacity)
	return nil
}

func setCapacity(disk *types.VirtualDisk, bytes int64) {
	disk.CapacityInBytes, disk.CapacityInKB = bytes, bytes/1024
	if disk.DeviceInfo == nil {
		disk.DeviceInfo = new(types.Description)
	}
	disk.DeviceInfo.GetDescription().Summary = withCommas(disk.CapacityInKB) + " KB"
}

// fillDisk completes a new disk; its file lies beside those of the others.
func fillDisk(disk *types.VirtualDisk, others []types.BaseVirtualDevice) {
	count, beside := 0, ""
	for _, device := range others {
		other, ok := device.(*types.VirtualDisk)
		if !ok {
			continue
		}
		count++
		if backing, ok := other.Backing.(*types.VirtualDiskFlatVer2BackingInfo); ok && beside == "" {
			beside = backing.FileName
		}
	}
	disk.DeviceInfo = &types.Description{Label: "Hard disk " + strconv.Itoa(count+1)}
	capacity := disk.CapacityInBytes
	if capacity == 0 {
		capacity = disk.CapacityInKB * 1024
	}
	setCapacity(disk, capacity)
	backing, ok := disk.Backing.(*types.VirtualDiskFlatVer2BackingInfo)
	if !ok || path.Ext(backing.FileName) == ".vmdk" {
		return
	}
	backing.FileName = fmt.Sprintf("%s_%d.vmdk", strings.TrimSuffix(beside, ".vmdk"), count)
	backing.Uuid = uuid.NewString()
}

// withCommas writes a number as vCenter writes capacities: 41,943,040.
func withCommas(number int64) string {
	text := strconv.FormatInt(number, 10)
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}
