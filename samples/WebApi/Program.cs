using ILGpuMobileNet.WebApi;

await PictureService.Build(args).RunAsync();
