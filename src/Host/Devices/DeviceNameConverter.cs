namespace ILGpuMobileNet.Host;

/// <summary>Reads names of devices for those who know types only at run time, such as configuration.</summary>
internal sealed class DeviceNameConverter() : NameConverter<DeviceName>(DeviceName.Parse);
