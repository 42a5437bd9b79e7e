export default function Page() { return <p>Meanwhile</p> }
