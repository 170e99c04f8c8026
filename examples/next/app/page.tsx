import { Talk } from './talk';

export default function Page() {
  return (
    <>
      <h1>Next.js</h1>
      <Talk />
    </>
  );
}
